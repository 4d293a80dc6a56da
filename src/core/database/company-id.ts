const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The company's id goes into SQL text (SET takes no parameters), so nothing but a UUID may pass. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
