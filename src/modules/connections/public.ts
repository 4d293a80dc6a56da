/** What other modules may use of connections. */
export {
  calendarPort,
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
export { beginAtVendor } from './operations/sign-in.ts';
export { connectionLike } from './like.ts';
export { connectionsOfAll, connectionsTo } from './list.ts';
export { connectionsFromEnvironment } from './environment.ts';
export { markActivity, markRejected, markTrouble, markVerified, moveCursor } from './state.ts';
export { connections } from './tables.ts';
