import { expect, test } from '@jest/globals';
import { problems, request, type Inputs } from '../../support/inputs.ts';

const images = {
  'shipyard-controller-image': 'shipyard:2.0.10',
  'shipyard-rethinkdb-image': 'rethinkdb:1.16',
};
const deploy = { 'shipyard-master': '10.0.0.5', 'shipyard-password': 'x', 'shipyard-deploy': 'true' };

test('from two images, or from one that does it', () => {
  expect(request({ ...deploy, ...images }).shipyard?.deployment).toEqual({
    kind: 'images',
    controller: 'shipyard:2.0.10',
    database: 'rethinkdb:1.16',
  });
  expect(request({ ...deploy, 'shipyard-deploy-image': 'shipyard/deploy:2' }).shipyard?.deployment).toEqual({
    kind: 'deployer',
    image: 'shipyard/deploy:2',
  });
  expect(request({ ...deploy, 'shipyard-deploy': 'false' }).shipyard).not.toHaveProperty('deployment');
});

const url = { 'shipyard-url': 'http://127.0.0.1:8080' };
test.each<[Inputs, string]>([
  [
    { ...deploy, ...images, ...url, 'shipyard-master': '' },
    'shipyard-deploy: is true, but shipyard-master is empty',
  ],
  [
    { ...deploy, ...images, 'shipyard-password': '', 'shipyard-service-key': 'K' },
    'shipyard-deploy: is true, but shipyard-password is empty',
  ],
  [deploy, 'shipyard-deploy: is true, but the images of Shipyard are not named'],
  [
    { ...deploy, 'shipyard-controller-image': 'a' },
    'shipyard-deploy: is true, but the images of Shipyard are not named',
  ],
  [
    { ...deploy, ...images, 'shipyard-deploy-image': 'a' },
    'shipyard-deploy: has shipyard-deploy-image and other images beside it',
  ],
  [
    { ...deploy, ...images, 'shipyard-deploy': '' },
    'shipyard-controller-image: is given, but shipyard-deploy is not true',
  ],
  [
    { ...deploy, ...images, 'shipyard-master': 'master', 'shipyard-url': 'http://master:8080' },
    'shipyard-deploy: is true, and shipyard-url has a name for a host',
  ],
  [
    { ...deploy, ...images, 'shipyard-rethinkdb-image': '--privileged' },
    'shipyard-rethinkdb-image: "--privileged" is not a Docker image reference',
  ],
])('%j is refused', (inputs, expected) => {
  expect(problems(inputs)).toContain(expected);
});
