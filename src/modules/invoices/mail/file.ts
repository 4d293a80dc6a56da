import type { Statement } from '#core/database/database.ts';
import { wantedOf } from '#core/engine/wanted.ts';
import type { SubjectFile } from '#core/engine/types.ts';
import { fileNameOf } from '../pdf/name.ts';

const NUMBERED: Statement = {
  name: 'invoices.numbered',
  text: `select i.id, i.number from jsonb_to_recordset($1::jsonb) as w(company_id uuid, id uuid)
           join invoices i on i.id = w.id and i.company_id = w.company_id where i.number is not null`,
};

/** The PDF of what was issued; a draft has none to send. What draws it is loaded with the first one. */
export const invoiceFile: SubjectFile = {
  async named(tx, subjects) {
    const wanted = wantedOf(subjects);
    const rows = await tx.query<{ id: string; number: string }>(NUMBERED, [wanted]);
    return new Map(rows.map((row) => [row.id, { filename: fileNameOf(row), contentType: 'application/pdf' }]));
  },
  async bytes(tx, { companyId, id }) {
    const [{ loadDocument }, { drawInvoice }] = await Promise.all([import('../pdf/load.ts'), import('../pdf/draw.ts')]);
    return drawInvoice(await loadDocument(tx, companyId, id));
  },
};
