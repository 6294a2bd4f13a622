$flow = New-Flow 'sales: "north"' -Parameter @{ Day = '2026-11-24' } {
    task load { 'A', 'B' }
    task double { param($x) if ($x -eq 'B') { throw 'no B today' }; $x * 2 } -Map @{ x = 'load' }
    task mail { 'sent' } -After double
}

function Read-Report($File) { [IO.File]::ReadAllText($File) }

Scenario 'a run becomes one page that has all of it' {
    $file = [IO.Path]::Combine((Get-ScenarioFolder), 'report.html')
    Assert-Equal $null (Invoke-Flow $flow | Export-FlowReport -Path $file -Title 'North & South')
    $page = Read-Report $file
    Assert-Like '<!doctype html>*<title>North &amp; South</title>*</html>*' $page
    Assert-Like '*"slug":"double[[]1]"*"state":"Failed"*no B today*' $page
    Assert-Like '*"parameters":[[][[]"Day","2026-11-24"]]*' $page
    Assert-True (-not [regex]::IsMatch($page, '(src|href)="(?!data:|#)')) 'it names no other file'
}

Scenario 'in a folder the page is named after the flow and the run' {
    $run = Invoke-Flow $flow
    $file = $run | Export-FlowReport -Path (Get-ScenarioFolder) -PassThru
    Assert-Equal "sales%3a %22north%22 $($run.RunId).html" $file.Name
    Assert-Equal (Get-ScenarioFolder) $file.DirectoryName
}

Scenario 'a state document is reported with what it holds' {
    $run = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    $page = Read-Report ($run | Export-FlowReport -Path (Get-ScenarioFolder) -PassThru)
    Assert-Like '*"slug":"load","state":"Success"*"slug":"double"*"state":"Cancelled"*' $page
}

Scenario 'results are shown in part, not at all, or read from the store' {
    $folder = Get-ScenarioFolder
    $stored = New-Flow stored -Store "$folder/store" { task long { 'x' * 50 } }
    $run = Invoke-Flow $stored | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $stored
    $file = [IO.Path]::Combine($folder, 'report.html')
    $run | Export-FlowReport -Path $file
    Assert-Like '*"result":{"location":"runs/stored/*"}*' (Read-Report $file)
    $run | Export-FlowReport -Path $file -IncludeResult -MaxResultLength 10
    Assert-Like '*"text":"xxxxxxxxxx","cut":true}*' (Read-Report $file)
    $run | Export-FlowReport -Path $file -MaxResultLength 0
    Assert-True (-not (Read-Report $file).Contains('"result":')) 'no result is shown'
}

Scenario 'without results the values of parameters are left out, too' {
    $file = [IO.Path]::Combine((Get-ScenarioFolder), 'report.html')
    Invoke-Flow $flow | Export-FlowReport -Path $file -MaxResultLength 0
    Assert-Like '*"parameters":[[][[]"Day","…"]]*' (Read-Report $file)
}

Scenario 'a secret is never shown' {
    $secret = New-Flow secret { task key { 'hunter2' } -Sensitive }
    $page = Read-Report (Invoke-Flow $secret | Export-FlowReport -Path (Get-ScenarioFolder) -PassThru)
    Assert-Like '*"result":{"secret":true}*' $page
    Assert-True (-not $page.Contains('hunter2')) 'the secret is not in the page'
}

Scenario 'a file that is there is replaced, or left with -NoClobber' {
    $run = Invoke-Flow $flow
    $file = [IO.Path]::Combine((Get-ScenarioFolder), 'report.html')
    [IO.File]::WriteAllText($file, 'old')
    $null = Assert-Error FlowExportFailed { $run | Export-FlowReport -Path $file -NoClobber } -Like '*is there already*'
    $run | Export-FlowReport -Path $file -WhatIf
    Assert-Equal 'old' (Read-Report $file)
    $run | Export-FlowReport -Path $file
    Assert-Like '<!doctype html>*' (Read-Report $file)
    Assert-Equal 1 ([IO.Directory]::GetFiles((Get-ScenarioFolder)).Count)
}

Scenario 'a file that cannot be written is one clear error' {
    $file = [IO.Path]::Combine((Get-ScenarioFolder), 'missing', 'report.html')
    $null = Assert-Error FlowExportFailed { Invoke-Flow $flow | Export-FlowReport -Path $file } -Like "The file '*report.html' cannot be written: *"
}

Scenario 'a run on record is reported with its steps, its attempts and its history' {
    $folder = Get-ScenarioFolder
    function New-Night {
        New-Flow night -Store "$folder/store" {
            task first { 1 }
            task busy { if ($FlowContext.RunCount -lt 2) { throw 'busy' }; 2 } -After first -MaxRetries 1
            task last { 3 } -After busy
        }
    }
    $null = Invoke-FlowStep (New-Night) -RunId one -MaxTasks 2
    $run = Invoke-FlowStep (New-Night) -RunId one -TimeBudget 00:08:00
    Assert-Equal Success $run.State
    $reports = [ordered] @{
        state    = $run
        record   = Get-FlowRun (New-Night)
        outlined = Get-FlowRun -Store "$folder/store"
    }
    foreach ($name in $reports.Keys) {
        $reports[$name] | Export-FlowReport -Path "$folder/$name.html"
        $page = Read-Report "$folder/$name.html"
        Assert-Like '*"steps":[[]{"number":1,*"maxTasks":2},{"number":2,*"budget":480000}]*' $page
        Assert-Like '*"slug":"busy",*"history":*"Failed",1,*"step":2,"attempts":[[]{*"state":"Failed","step":1}]*' $page
        Assert-Equal ($name -eq 'outlined') $page.Contains('"outlined":true')
        Assert-Equal ($name -ne 'outlined') $page.Contains('"upstream":[0]')
    }
}

Scenario 'a report whose history cannot be read is made without it, and says so' {
    $folder = Get-ScenarioFolder
    $stored = New-Flow stored -Store "$folder/store" { task a { 1 } }
    $run = Invoke-Flow $stored
    $history = "$folder/store/runs/stored/$($run.RunId)/history/0000000001.json"
    [IO.File]::WriteAllText($history, '[[1,')
    $file = $run | Export-FlowReport -Path $folder -PassThru -WarningVariable warnings -WarningAction SilentlyContinue
    Assert-Like "The report of run '$($run.RunId)' is without its history. *" "$warnings"
    Assert-Like '*"slug":"a","state":"Success"*' (Read-Report $file)
}

Scenario 'what is no run is one clear error' {
    foreach ($given in 'a text', (New-Flow empty { }), 3) {
        $null = Assert-Error FlowStateInvalid { Export-FlowReport $given -Path (Get-ScenarioFolder) } -Like '*is no run*Get-FlowRun*'
    }
}
