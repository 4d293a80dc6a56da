-- Nothing is ever looked for by these columns, and many are wide: statistics of them cost each ANALYZE a second during a campaign (docs/adr/0077-campaigns.md).
alter table messages alter column text set statistics 0, alter column html set statistics 0, alter column headers set statistics 0, alter column frame set statistics 0,
  alter column verdict set statistics 0, alter column provenance set statistics 0, alter column response set statistics 0, alter column reply_reasons set statistics 0;
alter table effects alter column payload set statistics 0, alter column receipt set statistics 0;
alter table interactions alter column content set statistics 0, alter column metadata set statistics 0;
alter table outbox alter column payload set statistics 0;
alter table runs alter column outputs set statistics 0, alter column frames set statistics 0, alter column signal set statistics 0;
alter table run_steps alter column output set statistics 0, alter column error set statistics 0;
alter table lead_scores alter column reasons set statistics 0, alter column history set statistics 0;
alter table activities alter column data set statistics 0;
