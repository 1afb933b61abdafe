// Makes the image of the Shipyard CLI from dist/ as the action makes it, and prints its name. Needs Node.js 24 and Docker.
import { DockerCli } from '../src/adapters/docker-cli.ts';

console.log(await new DockerCli('dist/shipyard-cli/index.js').cliImage());
