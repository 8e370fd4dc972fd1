-- Numbers for the customers of the wanted months, and how many rows the portions together will have at most.
-- Reads wanted_line, wanted_month.

create table payer as
with wanted as (select min(month) as first_month, max(month) as last_month from wanted_month)
select
    l.customer_id,
    sum(greatest(0, least(l.last_month, w.last_month) - greatest(l.first_month, w.first_month) + 1)) as customer_months
from wanted_line l
cross join wanted w
group by l.customer_id;

create table billing_customer as
select customer_id, cast(row_number() over (order by customer_id) as integer) as customer
from payer;

select coalesce(sum(customer_months), 0) as customer_months from payer;
