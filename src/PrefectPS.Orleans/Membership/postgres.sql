-- The tables of a cluster's membership in PostgreSQL (9.5 or later), for -Cluster postgres://…
--
-- A worker or a step runs this by itself when it connects. Where its role may not create tables, an administrator runs it once:
--
--     psql --dbname=DATABASE --file=postgres.sql
--     grant select on OrleansQuery to ROLE;
--     grant select, insert, update, delete on PrefectPSCluster, PrefectPSMember to ROLE;
--
-- Everything is created in the first schema of the search path. It may be run any number of times, and by many at once.
-- Orleans finds its statements in OrleansQuery: it knows the keys and the names of parameters and columns, and nothing else of what is here.
-- A cluster has a version, which each change of a member raises: so of two who change a member at once, one is refused.
do $script$
declare
    keys constant text[] := array[
        'InsertMembershipVersionKey', 'MembershipReadAllKey', 'MembershipReadRowKey', 'InsertMembershipKey', 'UpdateMembershipKey',
        'UpdateIAmAlivetimeKey', 'DeleteMembershipTableEntriesKey', 'CleanupDefunctSiloEntriesKey', 'GatewaysQueryKey'];
    present integer;
begin
    perform pg_advisory_xact_lock(8102734465510921);

    if to_regclass('OrleansQuery') is not null then
        select count(*) into present from OrleansQuery where QueryKey = any (keys);
        if present = cardinality(keys) then
            return;
        elsif present > 0 then
            raise exception 'the table OrleansQuery has only some of the statements of a membership, so it is another application''s: give the cluster a schema of its own';
        end if;
    else
        create table OrleansQuery (
            QueryKey text primary key,
            QueryText text not null);
    end if;

    create table PrefectPSCluster (
        ClusterId text primary key,
        Version integer not null default 0,
        ChangedAt timestamptz not null default now());

    create table PrefectPSMember (
        ClusterId text not null references PrefectPSCluster on delete cascade,
        Address text not null,
        Port integer not null,
        Generation integer not null,
        SiloName text not null,
        HostName text not null,
        Status integer not null,
        ProxyPort integer not null,
        SuspectTimes text,
        StartTime timestamptz not null,
        IAmAliveTime timestamptz not null,
        primary key (ClusterId, Address, Port, Generation));

    insert into OrleansQuery (QueryKey, QueryText) values
    ('InsertMembershipVersionKey', $query$
        with added as (
            insert into PrefectPSCluster (ClusterId) values (@DeploymentId)
            on conflict do nothing
            returning ClusterId)
        select exists (select from added)
    $query$),
    -- One row for each member, or one without a member: Orleans takes the version from it.
    ('MembershipReadAllKey', $query$
        select c.Version, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime
        from PrefectPSCluster c
        left join PrefectPSMember m on m.ClusterId = c.ClusterId
        where c.ClusterId = @DeploymentId
    $query$),
    ('MembershipReadRowKey', $query$
        select c.Version, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime
        from PrefectPSCluster c
        left join PrefectPSMember m on m.ClusterId = c.ClusterId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
        where c.ClusterId = @DeploymentId
    $query$),
    -- Whoever raises the version holds its row until the member is written too.
    ('InsertMembershipKey', $query$
        with raised as (
            update PrefectPSCluster
            set Version = Version + 1, ChangedAt = now()
            where ClusterId = @DeploymentId and Version = @Version and not exists (
                select from PrefectPSMember where ClusterId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation)
            returning ClusterId),
        added as (
            insert into PrefectPSMember
                (ClusterId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
            select ClusterId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
            from raised
            returning ClusterId)
        select exists (select from added)
    $query$),
    ('UpdateMembershipKey', $query$
        with raised as (
            update PrefectPSCluster
            set Version = Version + 1, ChangedAt = now()
            where ClusterId = @DeploymentId and Version = @Version and exists (
                select from PrefectPSMember where ClusterId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation)
            returning ClusterId),
        changed as (
            update PrefectPSMember m
            set Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
            from raised
            where m.ClusterId = raised.ClusterId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
            returning m.ClusterId)
        select exists (select from changed)
    $query$),
    ('UpdateIAmAlivetimeKey', $query$
        update PrefectPSMember
        set IAmAliveTime = @IAmAliveTime
        where ClusterId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation
    $query$),
    ('DeleteMembershipTableEntriesKey', $query$
        delete from PrefectPSCluster where ClusterId = @DeploymentId
    $query$),
    -- Status 3 is active.
    ('CleanupDefunctSiloEntriesKey', $query$
        delete from PrefectPSMember
        where ClusterId = @DeploymentId and Status <> 3 and IAmAliveTime < @IAmAliveTime and StartTime < @IAmAliveTime
    $query$),
    ('GatewaysQueryKey', $query$
        select Address, ProxyPort, Generation
        from PrefectPSMember
        where ClusterId = @DeploymentId and Status = @Status and ProxyPort > 0
    $query$);
end
$script$;
