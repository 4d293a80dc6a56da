export { billDue } from './recurring/bill.ts';
