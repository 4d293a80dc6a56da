/** Where which currency is the usual one (ISO 3166 by ISO 4217); countries that are not named use a currency of another. Only a first guess: people choose. */
const COUNTRIES: Readonly<Record<string, string>> = {
  EUR: 'AD AT AX BE BG BL CY DE EE ES FI FR GF GP GR HR IE IT LT LU LV MC ME MF MQ MT NL PM PT RE SI SK SM VA XK YT',
  USD: 'AS BQ EC FM GU IO MH MP PR PW SV TC TL UM US VG VI ZW',
  GBP: 'GB GG IM JE', CHF: 'CH LI', DKK: 'DK FO GL', NOK: 'NO SJ BV', SEK: 'SE', ISK: 'IS', PLN: 'PL', CZK: 'CZ', HUF: 'HU', RON: 'RO', RSD: 'RS', ALL: 'AL', BAM: 'BA', MKD: 'MK',
  MDL: 'MD', UAH: 'UA', BYN: 'BY', RUB: 'RU', TRY: 'TR', GEL: 'GE', AMD: 'AM', AZN: 'AZ', KZT: 'KZ', KGS: 'KG', UZS: 'UZ', TJS: 'TJ', TMT: 'TM', ILS: 'IL PS', JOD: 'JO', LBP: 'LB',
  SYP: 'SY', IQD: 'IQ', IRR: 'IR', KWD: 'KW', BHD: 'BH', QAR: 'QA', AED: 'AE', OMR: 'OM', SAR: 'SA', YER: 'YE', AFN: 'AF', PKR: 'PK', INR: 'IN BT', LKR: 'LK', NPR: 'NP', BDT: 'BD',
  MVR: 'MV', MMK: 'MM', THB: 'TH', LAK: 'LA', KHR: 'KH', VND: 'VN', MYR: 'MY', SGD: 'SG', BND: 'BN', IDR: 'ID', PHP: 'PH', CNY: 'CN', HKD: 'HK', MOP: 'MO', TWD: 'TW', KRW: 'KR',
  KPW: 'KP', JPY: 'JP', MNT: 'MN', AUD: 'AU CC CX KI NF NR TV', NZD: 'NZ CK NU PN TK', PGK: 'PG', FJD: 'FJ', SBD: 'SB', VUV: 'VU', WST: 'WS', TOP: 'TO', XPF: 'PF NC WF',
  CAD: 'CA', MXN: 'MX', GTQ: 'GT', HNL: 'HN', NIO: 'NI', CRC: 'CR', PAB: 'PA', BZD: 'BZ', CUP: 'CU', DOP: 'DO', HTG: 'HT', JMD: 'JM', BSD: 'BS', BBD: 'BB', TTD: 'TT', BMD: 'BM',
  KYD: 'KY', XCD: 'AG AI DM GD KN LC MS VC', XCG: 'CW SX', AWG: 'AW', COP: 'CO', VES: 'VE', GYD: 'GY', SRD: 'SR', BRL: 'BR', PEN: 'PE', BOB: 'BO', PYG: 'PY', UYU: 'UY', ARS: 'AR',
  CLP: 'CL', FKP: 'FK', MAD: 'MA EH', DZD: 'DZ', TND: 'TN', LYD: 'LY', EGP: 'EG', SDG: 'SD', SSP: 'SS', ETB: 'ET', ERN: 'ER', DJF: 'DJ', SOS: 'SO', KES: 'KE', UGX: 'UG', TZS: 'TZ',
  RWF: 'RW', BIF: 'BI', XAF: 'CM CF CG GA GQ TD', XOF: 'BF BJ CI GW ML NE SN TG', NGN: 'NG', GHS: 'GH', SLE: 'SL', LRD: 'LR', GNF: 'GN', GMD: 'GM', CVE: 'CV', STN: 'ST', MRU: 'MR',
  CDF: 'CD', AOA: 'AO', ZMW: 'ZM', MWK: 'MW', MZN: 'MZ', MGA: 'MG', KMF: 'KM', SCR: 'SC', MUR: 'MU', ZAR: 'ZA', NAD: 'NA', BWP: 'BW', SZL: 'SZ', LSL: 'LS',
}; // prettier-ignore

/** Where nothing says otherwise. */
export const USUAL_CURRENCY = 'USD';

/** ECMA-402 Intl Locale Info; in Node since 18, not in TypeScript's library yet. */
interface LocaleWithZones extends Intl.Locale {
  getTimeZones?(): string[] | undefined;
}

let byZone: ReadonlyMap<string, string> | undefined;

/** What people in this IANA zone pay with, most likely: `Europe/Berlin` → `EUR`; dollars for a zone of no country, as UTC is. */
export function currencyOfZone(zone: string): string {
  byZone ??= new Map(
    Object.entries(COUNTRIES).flatMap(([currency, countries]) =>
      countries.split(' ').flatMap((code) => {
        const locale: LocaleWithZones = new Intl.Locale(`und-${code}`);
        return (locale.getTimeZones?.() ?? []).map((name) => [name, currency] as const);
      }),
    ),
  );
  return byZone.get(zone) ?? USUAL_CURRENCY;
}
