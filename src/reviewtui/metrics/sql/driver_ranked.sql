-- The groups by how much they moved the metric, the largest first; those beyond the most that are listed are one row.
-- Reads driver_group, driver_weight.

with weighed as (
    select
        g.*, w.most,
        abs(w.numerator * (g.numerator_now - g.numerator_before) + w.denominator * (g.denominator_now - g.denominator_before))
            as size
    from driver_group g
    cross join driver_weight w
),
ranked as (
    select *, row_number() over (order by size desc, name, item_key) as place
    from weighed
    where size > 0
)
select
    place, item_key, name, detail, items, numerator_before, numerator_now, denominator_before, denominator_now, gained,
    lost
from ranked
where place <= most
union all
select
    cast(null as bigint), cast(null as varchar), '', '', count(*),
    cast(sum(cast(numerator_before as decimal(38, 10))) as double),
    cast(sum(cast(numerator_now as decimal(38, 10))) as double),
    cast(sum(cast(denominator_before as decimal(38, 10))) as double),
    cast(sum(cast(denominator_now as decimal(38, 10))) as double),
    cast(sum(cast(gained as decimal(38, 10))) as double), cast(sum(cast(lost as decimal(38, 10))) as double)
from ranked
where place > most
having count(*) > 0
order by place nulls last;
