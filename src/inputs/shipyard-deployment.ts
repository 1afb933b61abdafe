import { isIpAddress } from '../inventory/host.ts';
import { parseImageReference } from './image-reference.ts';
import type { InputReader } from './input-reader.ts';
import type { ShipyardDeployment } from './request.ts';
import { parseBoolean } from './scalars.ts';

/** What `shipyard-deploy` goes with. */
type Asked = {
  readonly url: string | undefined;
  readonly hasMaster: boolean;
  readonly hasPassword: boolean;
};

const IMAGES = ['shipyard-controller-image', 'shipyard-rethinkdb-image', 'shipyard-deploy-image'] as const;

/** Reads `shipyard-deploy` and the images for it; `undefined` where nothing is to be deployed, or a problem was reported. */
export function readShipyardDeployment(reader: InputReader, asked: Asked): ShipyardDeployment | undefined {
  const isWanted = reader.parsed('shipyard-deploy', parseBoolean, false);
  const [controller, database, deployer] = IMAGES.map((name) =>
    reader.parsed(name, parseImageReference, undefined),
  );
  const given = IMAGES.filter((name) => reader.text(name) !== '');
  if (isWanted === false && given[0] !== undefined)
    reader.refuse({
      input: given[0],
      message: 'is given, but shipyard-deploy is not true',
      hint: 'set shipyard-deploy: true to have Shipyard started on an empty master, or remove the image',
    });
  if (isWanted !== true) return undefined;
  const problem = findProblem(asked, given);
  if (problem) {
    reader.refuse({ input: 'shipyard-deploy', ...problem });
    return undefined;
  }
  if (deployer !== undefined) return { kind: 'deployer', image: deployer };
  return controller === undefined || database === undefined
    ? undefined
    : { kind: 'images', controller, database };
}

function findProblem({ url, hasMaster, hasPassword }: Asked, given: readonly string[]) {
  if (!hasMaster)
    return {
      message: 'is true, but shipyard-master is empty',
      hint: 'name the host that Shipyard is to run on',
    };
  if (!hasPassword)
    return {
      message: 'is true, but shipyard-password is empty',
      hint: 'give the password that the account admin is to have; a new Shipyard has no service keys',
    };
  if (url !== undefined && !isAddress(new URL(url).hostname))
    return {
      message: 'is true, and shipyard-url has a name for a host',
      hint: 'write the address on which the controller is to listen on the master, such as http://127.0.0.1:8080',
    };
  const isDeployer = given.includes('shipyard-deploy-image');
  if (isDeployer ? given.length > 1 : given.length < 2)
    return {
      message: isDeployer
        ? 'has shipyard-deploy-image and other images beside it'
        : 'is true, but the images of Shipyard are not named',
      hint: 'give shipyard-controller-image and shipyard-rethinkdb-image, or shipyard-deploy-image alone, each with its tag: the latest of the originals is no Shipyard 2',
    };
  return undefined;
}

function isAddress(hostname: string): boolean {
  return hostname === 'localhost' || isIpAddress(hostname.replace(/^\[(.*)\]$/, '$1'));
}
