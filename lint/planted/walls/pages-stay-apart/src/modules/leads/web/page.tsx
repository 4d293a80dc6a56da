import { PersonPage } from '#modules/people/web/page.tsx';
export const LeadPage = PersonPage;
