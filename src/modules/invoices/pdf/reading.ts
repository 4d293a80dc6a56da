import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A PDF as another program reads it: pdf.js knows nothing of what wrote it. For tests. */
export async function readPdf(bytes: Uint8Array) {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const pdf = await task.promise;
  const texts: string[] = [];
  for (let page = 1; page <= pdf.numPages; page++) {
    const content = await (await pdf.getPage(page)).getTextContent();
    texts.push(content.items.map((item) => ('str' in item ? item.str : '')).join('\n'));
  }
  const files = await attachmentsOf(pdf);
  const { metadata } = await pdf.getMetadata();
  const tree = await (await pdf.getPage(1)).getStructTree();
  await task.destroy();
  return { pages: texts.length, text: texts.join('\n'), files, xmp: String(metadata?.getRaw() ?? ''), tree: JSON.stringify(tree) };
}

/** The electronic invoice that lies inside, read without a look at the pages. */
export async function readInvoiceXml(bytes: Uint8Array): Promise<string | null> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const xml = (await attachmentsOf(await task.promise)).get('factur-x.xml') ?? null;
  await task.destroy();
  return xml;
}

type Pdf = Awaited<ReturnType<typeof getDocument>['promise']>;

async function attachmentsOf(pdf: Pdf): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [id, { filename }] of (await pdf.getAttachments()) ?? [])
    files.set(filename, Buffer.from((await pdf.getAttachmentContent(id)) ?? []).toString());
  return files;
}
