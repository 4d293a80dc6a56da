export interface VatCountry {
  readonly name: string;
  /** Percent. */
  readonly standard: number;
  /** Reduced rates in force, percent, highest first. */
  readonly reduced: readonly number[];
  readonly eu: boolean;
}

const eu = (name: string, standard: number, ...reduced: number[]): VatCountry => ({ name, standard, reduced, eu: true });
const other = (name: string, standard: number, ...reduced: number[]): VatCountry => ({ name, standard, reduced, eu: false });

/**
 * VAT by country, rates in force in 2026. Sources: European Commission, "Taxes in Europe Database" (https://ec.europa.eu/taxation_customs/tedb), for the
 * member states; GOV.UK "VAT rates"; Swiss Federal Tax Administration; Skatteetaten. A company that knows better gives the rate on the line, or
 * its own table in the invoice settings. Northern Ireland's goods (XI) and regions with rates of their own (Canaries, Corsica, Madeira …) are not told apart.
 */
export const VAT: Readonly<Record<string, VatCountry>> = {
  AT: eu('Austria', 20, 13, 10),
  BE: eu('Belgium', 21, 12, 6),
  BG: eu('Bulgaria', 20, 9),
  HR: eu('Croatia', 25, 13, 5),
  CY: eu('Cyprus', 19, 9, 5, 3),
  CZ: eu('Czechia', 21, 12),
  DK: eu('Denmark', 25),
  EE: eu('Estonia', 24, 13, 9),
  FI: eu('Finland', 25.5, 13.5, 10),
  FR: eu('France', 20, 10, 5.5, 2.1),
  DE: eu('Germany', 19, 7),
  GR: eu('Greece', 24, 13, 6),
  HU: eu('Hungary', 27, 18, 5),
  IE: eu('Ireland', 23, 13.5, 9, 4.8),
  IT: eu('Italy', 22, 10, 5, 4),
  LV: eu('Latvia', 21, 12, 5),
  LT: eu('Lithuania', 21, 12, 5),
  LU: eu('Luxembourg', 17, 14, 8, 3),
  MT: eu('Malta', 18, 12, 7, 5),
  NL: eu('Netherlands', 21, 9),
  PL: eu('Poland', 23, 8, 5),
  PT: eu('Portugal', 23, 13, 6),
  RO: eu('Romania', 21, 11),
  SK: eu('Slovakia', 23, 19, 5),
  SI: eu('Slovenia', 22, 9.5, 5),
  ES: eu('Spain', 21, 10, 4),
  SE: eu('Sweden', 25, 12, 6),
  GB: other('United Kingdom', 20, 5),
  CH: other('Switzerland', 8.1, 3.8, 2.6),
  NO: other('Norway', 25, 15, 12),
};

/** Country of a VAT number: Greece writes EL. */
export const vatCountry = (vatId: string) => (vatId.startsWith('EL') ? 'GR' : vatId.slice(0, 2));
