import type { Output } from '#web/kit/api.ts';

type Proof = Output<'consent.proof'>;

const COLUMNS = ['at', 'topic', 'state', 'lawful_basis', 'source', 'renews', 'recorded_by', 'evidence'] as const;

/** RFC 4180; a cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export function proofAsCsv(proof: Proof): string {
  const cell = (value: unknown) => {
    const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = proof.entries.map((entry) => COLUMNS.map((column) => cell(entry[column])).join(','));
  return `\ufeff${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const shown = (value: unknown) => escaped(typeof value === 'string' ? value : JSON.stringify(value));

/** One page without scripts or outside parts, to print, send or file. */
export function proofAsPage(proof: Proof): string {
  const rows = proof.entries
    .map((entry) => {
      const evidence = Object.entries(entry.evidence)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `<div><b>${escaped(name)}</b> ${shown(value)}</div>`)
        .join('');
      const by = entry.recorded_by === null ? '' : `, by ${escaped(entry.recorded_by)}`;
      return `<tr><td>${escaped(entry.at)}</td><td>${escaped(entry.topic)}</td><td>${entry.state}${entry.renews ? ' (explicit, later)' : ''}</td><td>${entry.lawful_basis ?? ''}</td><td>${escaped(entry.source)}${by}${evidence}</td></tr>`;
    })
    .join('');
  const topics = proof.topics
    .map(
      (topic) =>
        `<li>${escaped(topic.topic)}: <b>${topic.state}</b> since ${escaped(topic.since)}${topic.lawful_basis === null ? '' : `, ${topic.lawful_basis}`}</li>`,
    )
    .join('');
  const bases = proof.basis.topics
    .map((topic) => {
      const since = topic.since === null ? '' : `, since ${escaped(topic.since)}`;
      const until = topic.may && topic.expires !== null ? `, until ${escaped(topic.expires)}` : '';
      const row = topic.evidence === null ? '' : ` <small>${escaped(topic.evidence.table)} ${escaped(topic.evidence.id)}</small>`;
      return `<li>${escaped(topic.title)}: <b>${topic.may ? escaped(topic.basis ?? '') : 'no'}</b>, ${escaped(topic.because)}${since}${until}${row}</li>`;
    })
    .join('');
  const wordings = proof.wordings
    .map(
      (one) =>
        `<li>${escaped(one.title)} (${escaped(one.topic)}), wording ${one.version} of ${escaped(one.since)}: “${escaped(one.wording)}”</li>`,
    )
    .join('');
  const blocked = proof.blocked.map((one) => `<li>${escaped(one.email)}: ${escaped(one.reason)} since ${escaped(one.since)}</li>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Proof of consent</title><style>
body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#16181f}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #ccc;padding:.4rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}</style></head><body>
<h1>Proof of consent</h1><p>${escaped(proof.company_name)}, ${escaped(proof.made_at)}</p>
<p>${escaped(proof.name)}<br>${escaped(proof.emails.join(', '))}</p>
<h2>Now</h2><ul>${topics === '' ? '<li>Nothing recorded</li>' : topics}</ul>${blocked === '' ? '' : `<h2>Gets no commercial mail</h2><ul>${blocked}</ul>`}
<h2>Lawful basis by topic</h2><ul>${bases}</ul>
<h2>Log, oldest first</h2><table><tr><th>When</th><th>Topic</th><th>State</th><th>Basis</th><th>Source and evidence</th></tr>${rows}</table>
<h2>What people were told</h2><ul>${wordings}</ul></body></html>`;
}
