# Runs Pester files, one after another, and reports at once what became of each: a line of JSON for a file's beginning,
# for every It, for what failed outside of an It, and for the file's end. What a dying process has reported is therefore on record.
param(
    [Parameter(Mandatory)][string] $Pester,
    [Parameter(Mandatory)][string] $Report,
    [Parameter(Mandatory, ValueFromRemainingArguments)][string[]] $Path
)

$ErrorActionPreference = 'Stop'
Import-Module $Pester
$writer = [IO.StreamWriter]::new($Report)
$writer.AutoFlush = $true

function Write-Record([string] $Kind, [Collections.IDictionary] $Content) {
    $writer.WriteLine(([ordered] @{ Kind = $Kind; File = $file.Name } + $Content | ConvertTo-Json -Compress))
}

function Get-Message($ErrorRecords) {
    @($ErrorRecords | ForEach-Object { if ($_.DisplayErrorMessage) { $_.DisplayErrorMessage, $_.DisplayStackTrace } else { "$_", $_.ScriptStackTrace } }) -join "`n"
}

foreach ($file in Get-Item -LiteralPath $Path) {
    Write-Record Begin @{}
    $run = Invoke-Pester -Configuration @{ Run = @{ Path = $file.FullName; PassThru = $true }; Output = @{ Verbosity = 'None' } }
    foreach ($test in $run.Tests) {
        Write-Record It @{
            Name = $test.ExpandedPath; Line = $test.StartLine; Result = "$($test.Result)"; Message = Get-Message $test.ErrorRecord
            Milliseconds = $test.Duration.TotalMilliseconds
        }
    }
    foreach ($block in $run.FailedBlocks) { Write-Record Failure @{ Name = $block.ExpandedPath; Line = $block.StartLine; Message = Get-Message $block.ErrorRecord } }
    foreach ($container in $run.FailedContainers) { Write-Record Failure @{ Name = 'the file'; Message = Get-Message $container.ErrorRecord } }
    Write-Record End @{}
}
