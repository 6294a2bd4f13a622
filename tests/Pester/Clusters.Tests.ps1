BeforeDiscovery {
    $isLegacy = $PSVersionTable.PSEdition -ne 'Core' -or $env:PREFECTPS_BUILD -eq 'netstandard2.0'
    $commands = @(
        @{ Command = 'Invoke-Flow $flow -Cluster $cluster' }
        @{ Command = 'Invoke-Flow $flow -Cluster $cluster -WhatIf' }
        @{ Command = 'Invoke-FlowStep $flow -Cluster $cluster' }
        @{ Command = 'Start-FlowWorker $flow $cluster' }
        @{ Command = 'Start-FlowWorker $flow $cluster -WhatIf' }
        @{ Command = 'Get-FlowWorker $cluster' }
        @{ Command = 'New-FlowCluster $cluster' }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
    $flow = New-Flow clustered -Store memory:clustered { task one { 1 } }

    function Get-Refusal([string] $Command, $Cluster) {
        try { $null = & ([scriptblock]::Create($Command)) } catch { return $_ }
        throw "'$Command' takes '$Cluster'."
    }

    function Get-ClosedPort {
        $listener = [Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $listener.LocalEndpoint.Port
        $listener.Stop()
    }
}

Describe 'Clusters' {
    Context 'an address' -Skip:$isLegacy {
        It 'that is none is refused before a run begins, by <Command>' -ForEach $commands {
            foreach ($cluster in 'reddis://host', 'redis:/host', 'redis://', 'redis://host:99999', 'redis://host/name', '127.0.0.1', 'localhost:', 'localhost:65535', 'localhost:1:2', 'aztable://account') {
                (Get-Refusal $Command $cluster).FullyQualifiedErrorId | Should -BeLike 'FlowInvalid,*' -Because $cluster
            }
            Get-FlowRun $flow | Should -BeNullOrEmpty
        }

        It 'with options is refused, which may ask for TLS, by <Command>' -ForEach $commands {
            foreach ($cluster in 'redis://host?ssl=true', 'postgresql://me:hush@host/db?sslmode=require', 'sqlserver://host/db#encrypt') {
                $refusal = Get-Refusal $Command $cluster
                $refusal.FullyQualifiedErrorId | Should -BeLike 'FlowInvalid,*' -Because $cluster
                "$refusal" | Should -BeLike '*has no options*New-FlowCluster -ConnectionString*'
                "$refusal" | Should -Not -BeLike '*hush*'
            }
        }

        It 'of a server that is not there is told with the cause, at once: <Scheme>' -ForEach @(
            @{ Scheme = 'redis' }
            @{ Scheme = 'postgres' }
            @{ Scheme = 'sqlserver' }
            @{ Scheme = 'aztable' }
        ) {
            $port = Get-ClosedPort
            $cluster = if ($Scheme -eq 'aztable') {
                New-FlowCluster aztable://account -ConnectionString "DefaultEndpointsProtocol=http;AccountName=account;AccountKey=Zm9v;TableEndpoint=http://127.0.0.1:$port/account"
            }
            else { "$($Scheme)://me:hush@127.0.0.1:$port/1" }
            $clock = [Diagnostics.Stopwatch]::StartNew()
            foreach ($command in 'Start-FlowWorker $flow $cluster', 'Get-FlowWorker $cluster') {
                $refusal = Get-Refusal $command $cluster
                $refusal.FullyQualifiedErrorId | Should -BeLike 'FlowClusterFailed,*'
                "$refusal" | Should -BeLike "The membership server of cluster '*' cannot be reached: 127.0.0.1:$port`: *"
                "$refusal" | Should -Not -BeLike '*hush*'
                "$refusal" | Should -Not -BeLike '*Success*'
            }
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 4
        }

    }

    Context 'a description' -Skip:$isLegacy {
        It 'with a connection string that is none is refused, and the string is not shown: <Uri>' -ForEach @(
            @{ Uri = 'redis://host' }
            @{ Uri = 'postgres://host/db' }
            @{ Uri = 'sqlserver://host/db' }
            @{ Uri = 'aztable://account' }
        ) {
            $refusal = Get-Refusal 'New-FlowCluster $cluster -ConnectionString "hidden=word;word"' ($cluster = $Uri)
            $refusal.FullyQualifiedErrorId | Should -BeLike 'FlowInvalid,*'
            "$refusal $($refusal.Exception)" | Should -Not -BeLike '*hidden*'
        }

        It 'with -FailureTimeout <Time> is refused' -ForEach @{ Time = 0 }, @{ Time = -1 }, @{ Time = 0.5 }, @{ Time = '01:00:01' } {
            (Get-Refusal 'New-FlowCluster $cluster -FailureTimeout $Time' ($cluster = 'localhost')).FullyQualifiedErrorId | Should -BeLike 'FlowInvalid,*'
        }
    }

    Context 'the address of a worker' -Skip:$isLegacy {
        It 'is one of this machine' {
            $cluster = New-FlowCluster "redis://127.0.0.1:$(Get-ClosedPort)" -AllowUnencrypted -WarningAction Ignore
            $refusal = Get-Refusal 'Start-FlowWorker $flow $cluster -ListenAddress 198.51.100.1' $cluster
            "$refusal" | Should -BeLike 'This machine has no address 198.51.100.1 for -ListenAddress. It has *127.0.0.1*'
        }

        It 'is beyond loopback only where that is safe: <Cluster>' -ForEach @{ Cluster = 'localhost' }, @{ Cluster = 'redis://127.0.0.1:1' } {
            "$(Get-Refusal 'Start-FlowWorker $flow $cluster -ListenAddress 198.51.100.1' $Cluster)" | Should -BeLike '*can listen at the loopback address only, not at 198.51.100.1*'
        }
    }

    It 'in Windows PowerShell <Command> says what it needs' -Skip:(-not $isLegacy) -ForEach $commands {
        $refusal = Get-Refusal $Command ($cluster = 'localhost')
        $refusal.FullyQualifiedErrorId | Should -BeLike 'FlowClusterFailed,*'
        "$refusal" | Should -BeLike '*need PowerShell 7.4 or later*'
    }
}
