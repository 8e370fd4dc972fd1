-- What each group of items added to numerator and denominator of a metric, in the month before and in this one.
-- Reads driver_item. Sums are made of decimals, so that the order of rows never matters.

create table driver_group as
select
    item_key, coalesce(max(case when is_now = 1 then name end), max(name)) as name,
    coalesce(max(case when is_now = 1 then detail end), '') as detail, count(*) as items,
    cast(sum(cast(numerator_before as decimal(38, 10))) as double) as numerator_before,
    cast(sum(cast(numerator_now as decimal(38, 10))) as double) as numerator_now,
    cast(sum(cast(denominator_before as decimal(38, 10))) as double) as denominator_before,
    cast(sum(cast(denominator_now as decimal(38, 10))) as double) as denominator_now,
    cast(sum(cast(greatest(numerator_now - numerator_before, 0) as decimal(38, 10))) as double) as gained,
    cast(sum(cast(greatest(numerator_before - numerator_now, 0) as decimal(38, 10))) as double) as lost
from driver_item
group by item_key;

select
    coalesce(sum(items), 0) as items,
    coalesce(cast(sum(cast(numerator_before as decimal(38, 10))) as double), 0) as numerator_before,
    coalesce(cast(sum(cast(numerator_now as decimal(38, 10))) as double), 0) as numerator_now,
    coalesce(cast(sum(cast(denominator_before as decimal(38, 10))) as double), 0) as denominator_before,
    coalesce(cast(sum(cast(denominator_now as decimal(38, 10))) as double), 0) as denominator_now
from driver_group;
