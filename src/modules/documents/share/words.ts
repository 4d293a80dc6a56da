import type { InEach } from '#core/language.ts';
import type { DOCUMENT_KINDS } from '../tables.ts';

/** What a client's own page says of documents and files. */
export interface SharedWords {
  readonly documents: string;
  readonly files: string;
  readonly kinds: Readonly<Record<(typeof DOCUMENT_KINDS)[number], string>>;
  readonly accepted: string;
  readonly lapsed: string;
  readonly toAccept: string;
  readonly acceptedOn: (day: string) => string;
  readonly goodUntil: (day: string) => string;
}

export const SHARED_WORDS: InEach<SharedWords> = {
  en: {
    documents: 'Documents',
    files: 'Files',
    kinds: { report: 'Report', proposal: 'Proposal', presentation: 'Presentation' },
    accepted: 'Accepted',
    lapsed: 'No longer open',
    toAccept: 'To accept',
    acceptedOn: (day) => `accepted on ${day}`,
    goodUntil: (day) => `good until ${day}`,
  },
  de: {
    documents: 'Dokumente',
    files: 'Dateien',
    kinds: { report: 'Bericht', proposal: 'Angebot', presentation: 'Präsentation' },
    accepted: 'Angenommen',
    lapsed: 'Abgelaufen',
    toAccept: 'Anzunehmen',
    acceptedOn: (day) => `angenommen am ${day}`,
    goodUntil: (day) => `gültig bis ${day}`,
  },
  fr: {
    documents: 'Documents',
    files: 'Fichiers',
    kinds: { report: 'Rapport', proposal: 'Proposition', presentation: 'Présentation' },
    accepted: 'Acceptée',
    lapsed: 'Expirée',
    toAccept: 'À accepter',
    acceptedOn: (day) => `acceptée le ${day}`,
    goodUntil: (day) => `valable jusqu’au ${day}`,
  },
  es: {
    documents: 'Documentos',
    files: 'Archivos',
    kinds: { report: 'Informe', proposal: 'Propuesta', presentation: 'Presentación' },
    accepted: 'Aceptada',
    lapsed: 'Caducada',
    toAccept: 'Por aceptar',
    acceptedOn: (day) => `aceptada el ${day}`,
    goodUntil: (day) => `válida hasta el ${day}`,
  },
};
