BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Export-FlowReport' {
    BeforeEach {
        $folder = New-TestFolder
        $flow = New-Flow 'sales: "north"' -Parameter @{ Day = '2026-11-24' } {
            task load { 'A', 'B' }
            task double { param($x) if ($x -eq 'B') { throw 'no B today' }; $x * 2 } -Map @{ x = 'load' }
            task mail { 'sent' } -After double
        }
    }

    It 'a run becomes one page that has all of it' {
        $file = "$folder/report.html"
        Invoke-Flow $flow | Export-FlowReport -Path $file -Title 'North & South' | Should -Be $null
        $page = Get-Content $file -Raw -Encoding utf8
        $page | Should -BeLikeExactly '<!doctype html>*<title>North &amp; South</title>*</html>*'
        $page | Should -BeLikeExactly '*"slug":"double[[]1]"*"state":"Failed"*no B today*'
        $page | Should -BeLikeExactly '*"parameters":[[][[]"Day","2026-11-24"]]*'
        [regex]::IsMatch($page, '(src|href)="(?!data:|#)') | Should -BeFalse -Because 'it names no other file'
    }

    It 'in a folder the page is named after the flow and the run' {
        $run = Invoke-Flow $flow
        $file = $run | Export-FlowReport -Path $folder -PassThru
        $file.Name | Should -BeExactly "sales%3a %22north%22 $($run.RunId).html"
        $file.DirectoryName | Should -BeExactly $folder
    }

    It 'a state document is reported with what it holds' {
        $run = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $page = Get-Content ($run | Export-FlowReport -Path $folder -PassThru) -Raw -Encoding utf8
        $page | Should -BeLikeExactly '*"slug":"load","state":"Success"*"slug":"double"*"state":"Cancelled"*'
    }

    It 'results are shown in part, not at all, or read from the store' {
        $stored = New-Flow stored -Store "$folder/store" { task long { 'x' * 50 } }
        $run = Invoke-Flow $stored | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $stored
        $file = "$folder/report.html"
        $run | Export-FlowReport -Path $file
        Get-Content $file -Raw -Encoding utf8 | Should -BeLikeExactly '*"result":{"location":"runs/stored/*"}*'
        $run | Export-FlowReport -Path $file -IncludeResult -MaxResultLength 10
        Get-Content $file -Raw -Encoding utf8 | Should -BeLikeExactly '*"text":"xxxxxxxxxx","cut":true}*'
        $run | Export-FlowReport -Path $file -MaxResultLength 0
        Get-Content $file -Raw -Encoding utf8 | Should -Not -BeLikeExactly '*"result":*' -Because 'no result is shown'
    }

    It 'without results the values of parameters are left out, too' {
        $file = "$folder/report.html"
        Invoke-Flow $flow | Export-FlowReport -Path $file -MaxResultLength 0
        Get-Content $file -Raw -Encoding utf8 | Should -BeLikeExactly "*`"parameters`":[[][[]`"Day`",`"$([char] 0x2026)`"]]*"
    }

    It 'a secret is never shown' {
        $secret = New-Flow secret { task key { 'hunter2' } -Sensitive }
        $page = Get-Content (Invoke-Flow $secret | Export-FlowReport -Path $folder -PassThru) -Raw -Encoding utf8
        $page | Should -BeLikeExactly '*"result":{"secret":true}*'
        $page | Should -Not -BeLikeExactly '*hunter2*' -Because 'the secret is not in the page'
    }

    It 'a file that is there is replaced, or left with -NoClobber' {
        $run = Invoke-Flow $flow
        $file = "$folder/report.html"
        Set-Content -LiteralPath $file 'old' -NoNewline
        { $run | Export-FlowReport -Path $file -NoClobber } |
            Should -Throw -ErrorId 'FlowExportFailed,*' -PassThru | Should -BeLikeExactly '*already exists*'
        $run | Export-FlowReport -Path $file -WhatIf
        Get-Content $file -Raw -Encoding utf8 | Should -BeExactly 'old'
        $run | Export-FlowReport -Path $file
        Get-Content $file -Raw -Encoding utf8 | Should -BeLikeExactly '<!doctype html>*'
        @(Get-ChildItem $folder).Count | Should -Be 1
    }

    It 'a file that cannot be written is one clear error' {
        $file = "$folder/missing/report.html"
        { Invoke-Flow $flow | Export-FlowReport -Path $file } |
            Should -Throw -ErrorId 'FlowExportFailed,*' -PassThru | Should -BeLikeExactly "The file '*report.html' cannot be written: *"
    }

    It 'a recorded run is reported with its steps, its attempts and its history' {
        function New-Night {
            New-Flow night -Store "$folder/store" {
                task first { 1 }
                task busy { if ($FlowContext.RunCount -lt 2) { throw 'busy' }; 2 } -After first -MaxRetries 1
                task last { 3 } -After busy
            }
        }
        $null = Invoke-FlowStep (New-Night) -RunId one -MaxTasks 2
        $run = Invoke-FlowStep (New-Night) -RunId one -TimeBudget 00:08:00
        $run.State | Should -BeExactly 'Success'
        $reports = [ordered] @{
            state    = $run
            record   = Get-FlowRun (New-Night)
            outlined = Get-FlowRun -Store "$folder/store"
        }
        foreach ($name in $reports.Keys) {
            $reports[$name] | Export-FlowReport -Path "$folder/$name.html"
            $page = Get-Content "$folder/$name.html" -Raw -Encoding utf8
            $page | Should -BeLikeExactly '*"steps":[[]{"number":1,*"maxTasks":2},{"number":2,*"budget":480000}]*'
            $page | Should -BeLikeExactly '*"slug":"busy",*"history":*"Failed",1,*"step":2,"attempts":[[]{*"state":"Failed","step":1}]*'
            $page.Contains('"outlined":true') | Should -BeStrictly ($name -eq 'outlined')
            $page.Contains('"upstream":[0]') | Should -BeStrictly ($name -ne 'outlined')
        }
    }

    It 'what others have asked of a recorded run is shown, with who asked and when' {
        $recorded = New-Flow recorded -Store "$folder/store" { task a { } }
        $null = Invoke-FlowStep $recorded -RunId r
        $null = Get-FlowRun $recorded -RunId r | Set-FlowTaskState -Task a -To Pending
        $null = Get-FlowRun $recorded -RunId r | Stop-FlowRun -RequestedBy '<b>ann</b>' -Reason 'wrong month'
        $page = Get-Content (Get-FlowRun -Store "$folder/store" | Export-FlowReport -Path $folder -PassThru) -Raw -Encoding utf8
        $page | Should -Match '"requests":\[\{"time":[\d.]+,"state":"Pending","message":"a set by [^"]+"\},\{"time":[\d.]+,"state":"Cancelled","message":"Stopped by [^"]+ann[^"]+: wrong month"\}\]'
        $page | Should -Not -Match '<b>ann'
    }

    It 'the log of a recorded run is shown at each task, up to the step that the run is of' {
        $flow = New-Flow told -Store "$folder/store" {
            task first { Write-Warning '</script><b>careful</b>'; Write-Host "a`nb" }
            task chatty { foreach ($i in 1..600) { Write-Host "line $i" } } -After first
        }
        $one = Invoke-FlowStep $flow -RunId one -MaxTasks 1 *>&1 | Where-Object { $_ -is [FlowState] }
        $two = Invoke-FlowStep $flow -RunId one *>&1 | Where-Object { $_ -is [FlowState] }
        $one | Export-FlowReport -Path "$folder/one.html"
        $two | Export-FlowReport -Path "$folder/two.html"
        $page = Get-Content "$folder/one.html" -Raw -Encoding utf8
        $page | Should -BeLikeExactly '*"slug":"first",*"log":*"Warning","\u003C/script\u003E\u003Cb\u003Ecareful\u003C/b\u003E"*"Host","a\nb"*'
        $page | Should -Not -BeLikeExactly '*line 600*'
        $page = Get-Content "$folder/two.html" -Raw -Encoding utf8
        $page | Should -BeLikeExactly '*"slug":"chatty",*"Host","line 101"*"Host","line 600"*"logCut":100*'
        $page | Should -Not -BeLikeExactly '*"line 100"*'
    }

    It 'a report whose history cannot be read is made without it, and says so' {
        $stored = New-Flow stored -Store "$folder/store" { task a { 1 } }
        $run = Invoke-Flow $stored
        $history = (Get-Item "$folder/store/runs/stored/$($run.RunId)/*/journal/0000000001.json").FullName
        Set-Content $history '{"record":1,' -NoNewline
        $file = $run | Export-FlowReport -Path $folder -PassThru -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLikeExactly "The report of run '$($run.RunId)' does not contain its history. *"
        Get-Content $file -Raw -Encoding utf8 | Should -BeLikeExactly '*"slug":"a","state":"Success"*'
    }

    It 'what is not a run is one clear error' {
        foreach ($given in 'a text', (New-Flow empty { }), 3) {
            { Export-FlowReport $given -Path $folder } |
                Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru | Should -BeLikeExactly '*is not a run*Get-FlowRun*'
        }
    }
}
