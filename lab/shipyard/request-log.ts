/** What is kept of a request: enough to count it, never a header's value or a body. */
export type SeenRequest = { readonly method: string; readonly path: string; readonly userAgent: string };

/** The requests since the start, or since the last `clear`, in the order of their arrival. */
export type RequestLog = {
  readonly add: (request: SeenRequest) => void;
  readonly all: () => readonly SeenRequest[];
  readonly clear: () => void;
};

export const createRequestLog = (): RequestLog => {
  let requests: SeenRequest[] = [];
  return {
    add: (request) => {
      requests.push(request);
    },
    all: () => requests,
    clear: () => {
      requests = [];
    },
  };
};
