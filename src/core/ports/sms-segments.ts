/** GSM 03.38: one septet each. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table: an escape and a septet. */
const EXTENDED = new Set('\f^{}\\[~]|€');

export interface SmsLength {
  /** `unicode` as soon as one character is beyond GSM 03.38: it halves what fits. */
  readonly encoding: 'gsm' | 'unicode';
  /** Septets, or UTF-16 units. */
  readonly units: number;
  /** What is charged for. */
  readonly segments: number;
  /** The first character that made it unicode. */
  readonly because: string | null;
}

/** How long a text is on the wire: 160 septets or 70 units in one message, 153 or 67 in each part of a longer one (3GPP TS 23.040). */
export function smsLength(text: string): SmsLength {
  let units = 0;
  for (const character of text) {
    if (BASIC.has(character)) units += 1;
    else if (EXTENDED.has(character)) units += 2;
    else return of('unicode', text.length, 70, 67, character);
  }
  return of('gsm', units, 160, 153, null);
}

function of(encoding: SmsLength['encoding'], units: number, one: number, part: number, because: string | null): SmsLength {
  return { encoding, units, segments: units <= one ? Math.min(units, 1) : Math.ceil(units / part), because };
}
