-- Invoice lines that count towards MRR by the day they were paid, and by week. Reads input_invoice_line, input_customer, drill, drill_day.

with paid as (
    select w.day, w.week, count(*) as n
    from input_invoice_line l
    join drill_day w on w.day = l.paid_on
    cross join drill d
    where (d.product_id = '*' or l.product_id = d.product_id)
        and lower(l.kind) = 'recurring' and l.subscription_id is not null
        and coalesce(lower(l.status), '') not in ('draft', 'void', 'uncollectible')
        and l.customer_id not in (select customer_id from input_customer where is_internal)
    group by w.day, w.week
)
select day, week, n from paid
union all
select cast(null as date), week, sum(n) from paid group by week;
