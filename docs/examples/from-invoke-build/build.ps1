# An Invoke-Build or psake build script as a flow: dependencies, incremental targets, conditions. docs/coming-from-invoke-build.md explains it.
param([string] $Store = (Join-Path ([IO.Path]::GetTempPath()) "from-build-$PID"), [string] $Configuration = 'Debug')

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PrefectPS)) { Import-Module PrefectPS }

$flow = New-Flow 'build' -Store $Store -Parameter @{ Configuration = 'Debug' } {
    task clean { 'cleaned' }
    task compile { param($Configuration) "compiled for $Configuration" } -After clean -Target '{flow_name}/{Configuration}/compile.txt'
    task test { param($c) "tested what was $c" } -InputFrom @{ c = 'compile' }
    task sign { 'signed' } -After test -When { param($Configuration) $Configuration -eq 'Release' }
    task default { 'done' } -After test, sign -SkipOnUpstreamSkip $false
}

$run = Invoke-Flow $flow -Parameter @{ Configuration = $Configuration } | Assert-FlowState
foreach ($task in $run.Tasks) { "$($task.Slug): $($task.State)" }

# A second build finds the compiled output, as with -Inputs and -Outputs.
$run = Invoke-Flow $flow -Parameter @{ Configuration = $Configuration } | Assert-FlowState
"again: compile: $($run.Tasks[1].State)"
