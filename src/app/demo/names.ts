import type { Answer, Ask, MxRecord } from '#core/net/dns.ts';

type Records = Readonly<Record<string, readonly string[]>>;

/** A public key; nobody has the other half. */
const KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAzsdIrZ0Ep8JodEhLiVTCB0iYBN2OA2AZYIVDK9B51fAhG+WqgtPomFT35Pp/aFymQzG+ZK9fsJo1bFsEOhERHeaPl6Im87ixl98xNOMTksyScV2jtFI5DLhUV+EdEiqcYSgoc6Yn/vebHacg3xxksWlHmszPaAJE2GgOITTHTGqwfXtF2z8phryTxKp+NUavuzLtVg7KrGm7TmlbMdQc131iZvlO2Kbmbcnz4nQtqhMsxsrhQh1tomWyTjfynAUWLvnl8ZfkTRQOeVfQy6lZiMm69oIbwa9FL6OZ3cQkjp2yM9aFtOaIUtwEfuB30aiE9txTbqqo7lp5C8QHm3D3NwIDAQAB'; // prettier-ignore

/** As the firm found it: SPF without the service that it sends by, no key, no policy. */
const BEFORE: Records = {
  'TXT nordlicht.example': ['v=spf1 mx ~all'],
  'MX nordlicht.example': ['10 mx.nordlicht.example'],
  'A nordlicht.example': ['192.0.2.10'],
  'A mx.nordlicht.example': ['192.0.2.25'],
  'TXT _spf.demo-post.example': ['v=spf1 ip4:192.0.2.0/24 -all'],
  'MX nordlicht-waerme.example': ['10 mx.nordlicht.example'],
  'TXT nordlicht-waerme.example': ['v=spf1 include:_spf.demo-post.example ~all'],
};
/** What Nora mended at the firm's own domain, as the doctor said; the new one for campaigns is still to do. */
const MENDED: Records = {
  ...BEFORE,
  'TXT nordlicht.example': ['v=spf1 mx include:_spf.demo-post.example ~all'],
  'TXT post._domainkey.nordlicht.example': [`v=DKIM1; k=rsa; p=${KEY}`],
  'TXT _dmarc.nordlicht.example': ['v=DMARC1; p=quarantine; rua=mailto:hello@nordlicht.example'],
};

/** The demo's DNS: its domains are made up (RFC 2606), and so is what is said of them. */
export class DemoNames implements Ask {
  #records: Records;
  constructor({ mended }: { readonly mended: boolean }) {
    this.#records = mended ? MENDED : BEFORE;
  }

  mend(): void {
    this.#records = MENDED;
  }

  txt(name: string): Promise<Answer<string>> {
    return this.#find('TXT', name, String);
  }
  a(name: string): Promise<Answer<string>> {
    return this.#find('A', name, String);
  }
  aaaa(name: string): Promise<Answer<string>> {
    return this.#find('AAAA', name, String);
  }
  mx(name: string): Promise<Answer<MxRecord>> {
    return this.#find('MX', name, (record) => {
      const [priority = '', exchange = ''] = record.split(' ');
      return { exchange, priority: Number(priority) };
    });
  }
  ptr(ip: string): Promise<Answer<string>> {
    return this.#find('PTR', ip, String);
  }

  #find<T>(type: string, name: string, read: (record: string) => T): Promise<Answer<T>> {
    const asked = name.toLowerCase().replace(/\.$/, '');
    const found = this.#records[`${type} ${asked}`];
    if (found !== undefined) return Promise.resolve({ kind: 'found', records: found.map(read) });
    const known = Object.keys(this.#records).some((key) => key.endsWith(` ${asked}`) || key.endsWith(`.${asked}`));
    return Promise.resolve({ kind: 'none', why: known ? 'no_records' : 'no_name' });
  }
}
