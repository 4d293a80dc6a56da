import type { FoundLead } from './snapshot.ts';

/** Five made-up deals whose totals never change. Of no company, in no table. */
export const DEMO_LEADS: readonly FoundLead[] = [
  { id: 'lead-001', name: 'Enterprise Integration Project', company: 'TechCorp Solutions', stage: 'Qualification', value: 150_000, probability: 0.3, owner: 'Sales Rep A', created_at: '2025-11-15T10:00:00Z', updated_at: '2025-12-09T14:30:00Z', status: 'open' },
  { id: 'lead-002', name: 'Analytics Starter Package', company: 'Northwind Retail', stage: 'Qualification', value: 45_000, probability: 0.2, owner: 'Sales Rep B', created_at: '2025-11-22T09:15:00Z', updated_at: '2025-12-08T11:05:00Z', status: 'open' },
  { id: 'lead-003', name: 'Support Desk Modernisation', company: 'Harbour Logistics', stage: 'Proposal', value: 85_000, probability: 0.5, owner: 'Sales Rep A', created_at: '2025-10-30T13:40:00Z', updated_at: '2025-12-10T08:20:00Z', status: 'open' },
  { id: 'lead-004', name: 'Warehouse Automation', company: 'Greenfield Foods', stage: 'Negotiation', value: 120_000, probability: 0.8, owner: 'Sales Rep C', created_at: '2025-10-12T15:00:00Z', updated_at: '2025-12-09T16:45:00Z', status: 'open' },
  { id: 'lead-005', name: 'Customer Portal', company: 'Lakeside Clinics', stage: 'Closed Won', value: 62_000, probability: 1, owner: 'Sales Rep B', created_at: '2025-09-18T08:30:00Z', updated_at: '2025-12-05T10:10:00Z', status: 'won' },
]; // prettier-ignore
