-- How many forms a landing page is to bring in, and when it had. A new goal is reached anew.
alter table landing_pages
  add column goal integer check (goal > 0),
  add column goal_reached_at timestamptz;
