-- The billing lines of customers that reach into a month or the month it is compared with.
-- Reads billing_line, rate, month, drill, driver_before.

create table driver_line as
select
    l.product_id, l.customer_id, coalesce(l.sku, '') as sku, l.currency, cast(l.slice as double) as slice,
    substr(cast(f.first_day as varchar), 1, 7) as first_month, substr(cast(t.first_day as varchar), 1, 7) as last_month,
    case when l.first_month <= b.month and l.last_month >= b.month then cast(l.slice as double) * was.rate else 0 end
        as mrr_before,
    case when l.first_month <= d.month and l.last_month >= d.month then cast(l.slice as double) * now.rate else 0 end
        as mrr_now
from billing_line l
cross join drill d
cross join driver_before b
left join month f on f.month = l.first_month
left join month t on t.month = l.last_month
left join rate now on now.currency = l.currency and now.month = d.month
left join rate was on was.currency = l.currency and was.month = b.month
where l.counts and (d.product_id = '*' or l.product_id = d.product_id)
    and l.first_month <= d.month and l.last_month >= b.month;

select count(*) as lines from driver_line;
