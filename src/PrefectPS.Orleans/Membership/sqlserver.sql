-- The tables of a cluster's membership in SQL Server (2016 or later) and Azure SQL, for -Cluster sqlserver://…
--
-- A worker or a step runs this by itself when it connects. Where its user may not create tables, an administrator runs it once:
--
--     sqlcmd -d DATABASE -i sqlserver.sql
--     grant select on OrleansQuery to USER;
--     grant select, insert, update, delete on PrefectPSCluster to USER;
--     grant select, insert, update, delete on PrefectPSMember to USER;
--
-- Everything is created in the default schema of the user. It may be run any number of times, and by many at once: it is one batch.
-- Orleans finds its statements in OrleansQuery: it knows the keys and the names of parameters and columns, and nothing else of what is here.
-- A cluster has a version, which each change of a member raises: so of two who change a member at once, one is refused.
set nocount, xact_abort on;
begin transaction;

declare @lock int;
exec @lock = sp_getapplock @Resource = N'PrefectPS membership', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 60000;
if @lock < 0
    throw 51001, N'another process has been creating the tables of the membership for a minute', 1;

declare @found int = 0;
if object_id(N'OrleansQuery', N'U') is null
    create table OrleansQuery (
        QueryKey nvarchar(64) not null primary key,
        QueryText nvarchar(max) not null);
else
    select @found = count(*)
    from OrleansQuery
    where QueryKey in (
        N'InsertMembershipVersionKey', N'MembershipReadAllKey', N'MembershipReadRowKey', N'InsertMembershipKey', N'UpdateMembershipKey',
        N'UpdateIAmAlivetimeKey', N'DeleteMembershipTableEntriesKey', N'CleanupDefunctSiloEntriesKey', N'GatewaysQueryKey');

if @found between 1 and 8
    throw 51002, N'the table OrleansQuery has only some of the statements of a membership, so it is another application''s: give the cluster a database of its own', 1;

if @found = 0
begin
    create table PrefectPSCluster (
        ClusterId nvarchar(200) not null primary key,
        Version int not null default 0,
        ChangedAt datetime2 not null default sysutcdatetime());

    create table PrefectPSMember (
        ClusterId nvarchar(200) not null references PrefectPSCluster on delete cascade,
        Address nvarchar(64) not null,
        Port int not null,
        Generation int not null,
        SiloName nvarchar(256) not null,
        HostName nvarchar(256) not null,
        Status int not null,
        ProxyPort int not null,
        SuspectTimes nvarchar(max) null,
        StartTime datetime2 not null,
        IAmAliveTime datetime2 not null,
        primary key (ClusterId, Address, Port, Generation));

    insert into OrleansQuery (QueryKey, QueryText) values
    (N'InsertMembershipVersionKey', N'
        set nocount on;
        insert into PrefectPSCluster (ClusterId)
        select @DeploymentId
        where not exists (select * from PrefectPSCluster with (updlock, holdlock) where ClusterId = @DeploymentId);
        select @@rowcount;
    '),
    -- One row for each member, or one without a member: Orleans takes the version from it. The version is read and locked first: while a reader
    -- holds it, no member changes, whichever isolation the database has.
    (N'MembershipReadAllKey', N'
        select c.Version, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime
        from PrefectPSCluster c with (holdlock)
        left loop join PrefectPSMember m with (holdlock) on m.ClusterId = c.ClusterId
        where c.ClusterId = @DeploymentId;
    '),
    (N'MembershipReadRowKey', N'
        select c.Version, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime
        from PrefectPSCluster c with (holdlock)
        left loop join PrefectPSMember m with (holdlock)
            on m.ClusterId = c.ClusterId and m.Address = @Address and m.Port = @Port and m.Generation = @Generation
        where c.ClusterId = @DeploymentId;
    '),
    -- Whoever raises the version holds its row until the member is written too.
    (N'InsertMembershipKey', N'
        set nocount, xact_abort on;
        begin transaction;
        update PrefectPSCluster
        set Version = Version + 1, ChangedAt = sysutcdatetime()
        where ClusterId = @DeploymentId and Version = @Version and not exists (
            select * from PrefectPSMember where ClusterId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation);
        declare @raised int = @@rowcount;
        if @raised = 1
            insert into PrefectPSMember (ClusterId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
            values (@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime);
        commit transaction;
        select @raised;
    '),
    (N'UpdateMembershipKey', N'
        set nocount, xact_abort on;
        begin transaction;
        update PrefectPSCluster
        set Version = Version + 1, ChangedAt = sysutcdatetime()
        where ClusterId = @DeploymentId and Version = @Version and exists (
            select * from PrefectPSMember where ClusterId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation);
        declare @raised int = @@rowcount;
        if @raised = 1
            update PrefectPSMember
            set Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
            where ClusterId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation;
        commit transaction;
        select @raised;
    '),
    (N'UpdateIAmAlivetimeKey', N'
        set nocount on;
        update PrefectPSMember
        set IAmAliveTime = @IAmAliveTime
        where ClusterId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation;
    '),
    (N'DeleteMembershipTableEntriesKey', N'
        set nocount on;
        delete from PrefectPSCluster where ClusterId = @DeploymentId;
    '),
    -- Status 3 is active.
    (N'CleanupDefunctSiloEntriesKey', N'
        set nocount on;
        delete from PrefectPSMember
        where ClusterId = @DeploymentId and Status <> 3 and IAmAliveTime < @IAmAliveTime and StartTime < @IAmAliveTime;
    '),
    (N'GatewaysQueryKey', N'
        select Address, ProxyPort, Generation
        from PrefectPSMember
        where ClusterId = @DeploymentId and Status = @Status and ProxyPort > 0;
    ');
end

commit transaction;
