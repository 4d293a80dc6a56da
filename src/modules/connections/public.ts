/** What other modules may use of connections. */
export {
  closeEmailPorts,
  allConnectionsFor,
  connectionById,
  connectionsByIds,
  connectionsInUse,
  emailPort,
  inboundPort,
  mailboxConnections,
  paymentsPort,
  portFor,
  sendsMail,
  smsPort,
  unlock,
  webhookConnection,
} from './ports.ts';
export type { ConnectionRow, PortInUse } from './ports.ts';
export { connectionsOfAll, connectionsTo } from './list.ts';
export { connectionsFromEnvironment } from './environment.ts';
export { markActivity, markRejected, markTrouble, markVerified, moveCursor } from './state.ts';
export { connections } from './tables.ts';
