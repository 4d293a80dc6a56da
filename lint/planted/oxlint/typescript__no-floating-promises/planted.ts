const send = async (): Promise<void> => undefined;
export function close(): void {
  send();
}
