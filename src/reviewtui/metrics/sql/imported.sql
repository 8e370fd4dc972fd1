-- Values typed or imported by hand: the newest import of each cell. Reads input_metric_value, setting.

with ranked as (
    select
        product_id, metric, value, n, source, count(*) over cell as copies,
        cast(extract(year from month) * 12 + extract(month from month) - 1 as integer) as month,
        row_number() over (
            partition by product_id, metric, extract(year from month) * 12 + extract(month from month)
            order by imported_at desc nulls last, value desc
        ) as recency
    from input_metric_value
    where value is not null
    window cell as (partition by product_id, metric, extract(year from month) * 12 + extract(month from month), imported_at)
)
select r.product_id, r.metric, r.month, r.value, r.n, r.source, r.copies
from ranked r
cross join setting s
where r.recency = 1 and r.month <= s.current_month;
