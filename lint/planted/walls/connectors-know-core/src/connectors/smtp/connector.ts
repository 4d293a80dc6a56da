import { login } from '#connectors/imap/connector.ts';
export default login;
