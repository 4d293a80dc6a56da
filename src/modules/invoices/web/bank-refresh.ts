/** What is read again once money was booked. */
export const BANK_REFRESH = ['bank', 'invoices', 'clients'];
