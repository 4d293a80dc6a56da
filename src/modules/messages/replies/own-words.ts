/** Lines from which on a mail quotes another one, in the forms of the usual mail programs. */
const QUOTE_STARTS: readonly RegExp[] = [
  /^-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|message d'origine|message original|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|wiadomość oryginalna|ursprungligt meddelande)/i,
  /^_{10,}\s*$/,
  /^(on|am|le|el|il|op|em|dnia|den)\b.{5,200}\b(wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|napisał\(?a?\)?|skrev)\b.{0,80}:\s*$/i,
  /^(from|von|de|da|van|od|från)\s*:\s*.*(@|<).*$/i,
];

/** Where what follows is a signature, not a message. `-- ` is RFC 3676; the rest is what phones add. */
const SIGNATURE_STARTS: readonly RegExp[] = [
  /^--\s?$/,
  /^(sent from my|get outlook for|von meinem .{2,20} gesendet|gesendet von|envoyé de mon|enviado desde mi|enviado do meu|inviato da|verzonden vanaf)\b/i,
];

/** The longest reply that the rules read; what comes after is not looked at. */
const LONGEST = 8_000;

/**
 * What the person wrote themselves: without the mail they answered and without the signature. A quoted footer holds our own
 * "unsubscribe", so leaving it in would end every conversation.
 */
export function ownWords(text: string): string {
  const kept: string[] = [];
  const lines = text.slice(0, LONGEST).replaceAll('\r', '').split('\n');
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    // Long attributions wrap: "On Fri, 20 Nov 2026, Acme <a@b>\n wrote:"
    const joined = `${line} ${lines[index + 1]?.trim() ?? ''}`.trim();
    if (QUOTE_STARTS.some((start) => start.test(line) || (/^(on|am|le|el|il|op|em)\b/i.test(line) && start.test(joined)))) break;
    if (SIGNATURE_STARTS.some((start) => start.test(line))) break;
    if (line.startsWith('>')) continue;
    kept.push(line);
  }
  return kept
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
