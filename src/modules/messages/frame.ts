/** What code puts around a message when it leaves: kept with it, so that the outbox shows what went out. */
export interface Frame {
  /** Which layout of `layout.ts` drew it. */
  readonly layout: number;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  readonly companyName: string;
  readonly postalAddress: string | null;
  /** Base of the links: STEWARD_PUBLIC_URL. */
  readonly publicUrl: string;
}
