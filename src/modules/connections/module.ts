import { module } from '#core/module.ts';
import { connectionsFromEnvironment } from './environment.ts';
import {
  createConnection,
  deleteConnection,
  getConnection,
  listConnections,
  listKinds,
  testConnection,
  updateConnection,
} from './operations.ts';
import { closeEmailPorts } from './ports.ts';
import { listRequests } from './operations/requests.ts';
import { keepRequests } from './request-log.ts';
import { resealConnections } from './reseal.ts';
import { authorizeConnection, authorizedConnection } from './operations/sign-in.ts';

/** Credentials for vendors, encrypted; the ports that other modules send and read through. */
export default module({
  name: 'connections',
  operations: [
    listKinds,
    listConnections,
    getConnection,
    createConnection,
    updateConnection,
    deleteConnection,
    testConnection,
    authorizeConnection,
    authorizedConnection,
    listRequests,
  ],
  events: [{ event: 'company.created', handle: (tx, _events, runtime) => connectionsFromEnvironment(tx, runtime) }],
  async start(runtime) {
    await runtime.system.write(async (tx) => {
      await resealConnections(tx, runtime);
      await connectionsFromEnvironment(tx, runtime);
    });
    const stop = keepRequests(runtime);
    return async () => {
      await closeEmailPorts(runtime);
      await stop();
    };
  },
});
