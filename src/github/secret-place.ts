/** A secret of a repository or of one of its environments. */
export type SecretPlace = {
  readonly name: string;
  readonly environment?: string;
};

/** Where GitHub's REST API has the secrets of that place, below the URL of the API. */
export function secretsPath(repository: string, { environment }: SecretPlace): string {
  const repositoryPath = `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;
  return environment === undefined
    ? `${repositoryPath}/actions/secrets`
    : `${repositoryPath}/environments/${encodeURIComponent(environment)}/secrets`;
}

/** The permission that a token needs, in GitHub's words. */
export function permissionFor({ environment }: SecretPlace): string {
  return `${environment === undefined ? 'Secrets' : 'Environments'}: read and write`;
}

/** The place in words, for a person. */
export function placeText(repository: string, { name, environment }: SecretPlace): string {
  return environment === undefined
    ? `the secret ${name} of the repository ${repository}`
    : `the secret ${name} of the environment ${environment} of ${repository}`;
}
