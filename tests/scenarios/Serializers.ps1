function Invoke-InTwoProcess([scriptblock] $Define) {
    # A run of two steps, the second by a flow that has never run, as in another process.
    & $Define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $Define) | Invoke-FlowStep
}

Scenario 'a serializer is chosen by name or by the extension of the target, and every step knows it' {
    $folder = Get-ScenarioFolder
    $cases = @(
        @{ Serializer = 'Json'; Target = $null; File = '*/results/a.json'; Starts = '{' }
        @{ Serializer = 'Clixml'; Target = $null; File = '*/results/a.clixml'; Starts = '<Objs' }
        @{ Serializer = $null; Target = 'x.clixml'; File = 'x.clixml'; Starts = '<Objs' }
        @{ Serializer = 'Clixml'; Target = 'x.dat'; File = 'x.dat'; Starts = '<Objs' }
        @{ Serializer = 'Json'; Target = 'x.txt'; File = 'x.txt'; Starts = '{' }
    )
    for ($i = 0; $i -lt $cases.Count; $i++) {
        $case = $cases[$i]
        $form = @{}
        if ($case.Serializer) { $form.Serializer = $case.Serializer }
        if ($case.Target) { $form.Target = $case.Target }
        $define = { New-Flow forms -Store "$folder/$i" { task a { @{ n = 1.5 } } @form; task b { param($a) $a.n } -InputFrom @{ a = 'a' } -NoCheckpoint } }
        $run = Invoke-InTwoProcess $define
        Assert-Like $case.File $run.Tasks[0].ResultLocation
        Assert-True ([IO.File]::ReadAllText("$folder/$i/$($run.Tasks[0].ResultLocation)").StartsWith($case.Starts)) "the content of case $i is of the form"
        Assert-Equal 1.5 $run.Tasks[1].Result -Because "case $i"
        if ($case.Target) { Assert-Equal 1.5 (Invoke-InTwoProcess $define).Tasks[1].Result -Because "case $i, found by another run" }
    }
}

Scenario 'a document says the form of a result where its extension does not' {
    $folder = Get-ScenarioFolder
    $run = New-Flow said -Store $folder { task a { 1 } -Target 'a.dat' -Serializer Text; task b { 1 } -Target 'b.txt' -Serializer Text } | Invoke-Flow
    foreach ($document in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -AsPrefect)) {
        Assert-Like '*"location":"a.dat","serializer":"Text"*' $document
        Assert-True ($document -notlike '*"location":"b.txt","serializer"*') 'what the extension says is not said again'
        $other = New-Flow said -Store $folder { task a { 1 }; task b { 1 } }
        Assert-Equal @('1', '1') ($document | ConvertTo-FlowState -Flow $other).Tasks.Result
    }
}

Scenario 'the flow''s serializer is for all tasks that say nothing else' {
    $folder = Get-ScenarioFolder
    $null = New-Flow flow -Store $folder -Serializer Clixml -Target '{task_name}.xyz' { task a { 1 }; task b { 2 } -Serializer Json; task c { 3 } -Target 'c.txt' } | Invoke-Flow
    Assert-Like '<Objs*' ([IO.File]::ReadAllText("$folder/a.xyz"))
    Assert-Equal @('2', '3') @([IO.File]::ReadAllText("$folder/b.xyz"), [IO.File]::ReadAllText("$folder/c.txt"))
}

Scenario 'bytes are written as they are' {
    $folder = Get-ScenarioFolder
    $define = { New-Flow bytes -Store $folder { task a { , [byte[]] (0, 1, 255) }; task b { param($a) "$($a.GetType().Name): $a" } -InputFrom @{ a = 'a' } -NoCheckpoint } }
    $run = Invoke-InTwoProcess $define
    Assert-Equal "runs/bytes/$($run.RunId)/results/a.bin" $run.Tasks[0].ResultLocation
    Assert-Equal @(0, 1, 255) ([IO.File]::ReadAllBytes("$folder/$($run.Tasks[0].ResultLocation)"))
    Assert-Equal 'Byte[]: 0 1 255' $run.Tasks[1].Result
}

Scenario 'a value that nests deeper than a form can be read fails its task when it is written' {
    $folder = Get-ScenarioFolder
    foreach ($case in @{ Serializer = 'Json'; Depth = 60 }, @{ Serializer = 'Clixml'; Depth = 46 }) {
        foreach ($depth in $case.Depth, ($case.Depth + 1)) {
            $define = { New-Flow deep -Store $folder -Serializer $case.Serializer { task a { $value = 'deep'; for ($i = 0; $i -lt $depth; $i++) { $value = @{ x = $value } }; $value } } }
            $run = & $define | Invoke-Flow
            if ($depth -gt $case.Depth) {
                Assert-Equal 'Failed' $run.Tasks[0].State
                Assert-Like "*deeper than $($case.Depth) levels*" $run.Tasks[0].Message
                continue
            }
            $value = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $define) | Get-FlowResult a
            for ($i = 0; $i -lt $depth; $i++) { $value = $value.x }
            Assert-Equal 'deep' $value -Because $case.Serializer
        }
    }
}

Scenario 'tasks that run beside each other and children of a mapped task have results in any form' {
    $folder = Get-ScenarioFolder
    [IO.File]::WriteAllText("$folder/data.csv", 'a,b')
    $flow = New-Flow many -Store "$folder/store" {
        task list { 'p', 'q' }
        task m { param($x) @{ x = $x } } -Map @{ x = 'list' } -Serializer Clixml
        task file { [IO.FileInfo]::new("$using:folder/data.csv") } -Target { param($task_name) "$task_name.zip" }
    }
    $run = Invoke-Flow $flow -ThrottleLimit 3
    Assert-Equal @('p', 'q') $run.Tasks[1].Result.x
    Assert-Like '*/results/m`[1`].clixml' $run.Tasks[1].Children[1].ResultLocation
    Assert-Equal 'a,b' ([IO.File]::ReadAllText("$folder/store/file.zip"))
}

Scenario 'a value that has no place in a form fails its task, and says what to do' {
    $folder = Get-ScenarioFolder
    $task = (New-Flow bad -Store $folder { task a { @{ n = 1 } } -Serializer Bytes } | Invoke-Flow).Tasks[0]
    Assert-Equal 'Failed' $task.State
    Assert-Equal 'FlowResultInvalid' $task.Error.Id
    Assert-Like '*The result is a Hashtable, and the serializer Bytes takes bytes*-Serializer*' $task.Message
    Assert-Equal @() (Get-ResultFile $folder)
}

Scenario 'a file that a task returns is stored, and a later step gets a copy' {
    $folder = Get-ScenarioFolder
    [IO.File]::WriteAllText("$folder/data.csv", 'a,b')
    $define = {
        New-Flow file -Store "$folder/store" {
            task make { [IO.FileInfo]::new("$folder/data.csv") }
            task use { param($make) "$($make.Name) in $($make.Directory.FullName -eq $folder): $([IO.File]::ReadAllText($make.FullName))" } -InputFrom @{ make = 'make' } -NoCheckpoint
        }
    }
    $run = Invoke-InTwoProcess $define
    Assert-Equal 'data.csv in False: a,b' $run.Tasks[1].Result
    $place = "runs/file/$($run.RunId)/results"
    Assert-Equal @("$place/make.files/data.csv", "$place/make.json") (Get-ResultFile "$folder/store")
    Assert-Equal 'data.csv in True: a,b' (& $define | Invoke-Flow).Tasks[1].Result
}

Scenario 'files keep their names inside of lists and tables, and two of one name are two' {
    $folder = Get-ScenarioFolder
    foreach ($part in 'one', 'two') { $null = [IO.Directory]::CreateDirectory("$folder/$part"); [IO.File]::WriteAllText("$folder/$part/data.csv", $part) }
    $define = {
        New-Flow files -Store "$folder/store" -Target '{task_name}.json' {
            task make { @{ n = 1; files = [IO.FileInfo]::new("$folder/one/data.csv"), [IO.FileInfo]::new("$folder/two/data.csv"), [IO.FileInfo]::new("$folder/none.csv") } }
            task use { param($make) $make.files | ForEach-Object { if ($_.Exists) { [IO.File]::ReadAllText($_.FullName) } else { $_.Name } } } -InputFrom @{ make = 'make' } -NoCheckpoint
        }
    }
    Assert-Equal @('one', 'two', 'none.csv') (Invoke-InTwoProcess $define).Tasks[1].Result
    Assert-Equal @('make.files/2-data.csv', 'make.files/data.csv', 'make.json') (Get-ResultFile "$folder/store")
    Assert-Equal @('one', 'two', 'none.csv') (Invoke-InTwoProcess $define).Tasks[1].Result -Because 'another run finds them by the target'
}

Scenario 'with the serializer File the target is the file, and what comes back has its extension' {
    $folder = Get-ScenarioFolder
    [IO.File]::WriteAllText("$folder/data.tmp", 'content')
    $cases = @(
        @{ Target = @{ Target = 'out/report.zip' }; Name = 'report.zip' }
        @{ Target = @{ Target = 'out/report.csv'; Serializer = 'File' }; Name = 'report.csv' }
    )
    foreach ($case in $cases) {
        $target = $case.Target
        $define = {
            New-Flow file -Store "$folder/store" {
                task make { [IO.FileInfo]::new("$folder/data.tmp") } @target
                task use { param($make) "$($make.GetType().Name) $($make.Name): $([IO.File]::ReadAllText($make.FullName))" } -InputFrom @{ make = 'make' } -NoCheckpoint
            }
        }
        foreach ($time in 'written', 'found') { Assert-Equal "FileInfo $($case.Name): content" (Invoke-InTwoProcess $define).Tasks[1].Result -Because $time }
        Assert-Equal 'content' ([IO.File]::ReadAllText("$folder/store/out/$($case.Name)"))
    }
}

Scenario 'a file is its content where the form is text or bytes' {
    $folder = Get-ScenarioFolder
    [IO.File]::WriteAllText("$folder/data.tmp", 'abc')
    $run = New-Flow content -Store "$folder/store" {
        task text { [IO.FileInfo]::new("$folder/data.tmp") } -Target 'a.csv'
        task bytes { [IO.FileInfo]::new("$folder/data.tmp") } -Target 'a.bin'
    } | Invoke-Flow
    Assert-Equal 'abc' $run.Tasks[0].Result
    Assert-Equal @(97, 98, 99) $run.Tasks[1].Result
}

Scenario 'a file that cannot be read fails its task' {
    $folder = Get-ScenarioFolder
    $task = (New-Flow gone -Store "$folder/store" { task a { [IO.FileInfo]::new("$folder/none.csv") } -Target 'a.zip' } | Invoke-Flow).Tasks[0]
    Assert-Equal 'Failed' $task.State
    Assert-Like '*none.csv*cannot be read*' $task.Message
}

Scenario 'without a store a file is its path' {
    $folder = Get-ScenarioFolder
    [IO.File]::WriteAllText("$folder/data.csv", 'a,b')
    $run = Invoke-InTwoProcess { New-Flow path { task a { [IO.FileInfo]::new("$folder/data.csv") }; task b { param($a) $a.FullName } -InputFrom @{ a = 'a' } } }
    Assert-Equal ([IO.FileInfo]::new("$folder/data.csv").FullName) $run.Tasks[1].Result
}

Scenario 'many bytes are no part of a document, and the error says where they belong' {
    $run = New-Flow large { task a { , [byte[]]::new(1MB + 1) } } | Invoke-Flow
    Assert-Equal 'Success' $run.State
    $null = Assert-Error FlowResultInvalid { $run | ConvertFrom-FlowState } -Like "*task 'a' has more than 1024 KiB*-Store*"
    $null = Assert-Error FlowResultInvalid { $run | ConvertFrom-FlowState -AsPrefect }
    $null = New-Flow fits { task a { , [byte[]]::new(1MB) } } | Invoke-Flow | ConvertFrom-FlowState
}

Scenario 'on record a run keeps many bytes that are not to be in the store by themselves' {
    $folder = Get-ScenarioFolder
    $define = { New-Flow kept -Store $folder { task a { , [byte[]]::new(1MB + 1) } -NoCheckpoint; task b { param($a) $a.Length } -InputFrom @{ a = 'a' } } }
    $run = & $define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
    Assert-Equal (1MB + 1) (Invoke-FlowStep (& $define) -RunId $run.RunId).Tasks[1].Result
}

Scenario 'a secret is in no form of a result' {
    $folder = Get-ScenarioFolder
    foreach ($serializer in 'Json', 'Clixml', 'Text') {
        $run = New-Flow secret -Store $folder -Serializer $serializer {
            task deep {
                $secret = [securestring]::new()
                'hunter2'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
                [pscustomobject] @{ a = [pscustomobject] @{ b = [pscustomobject] @{ c = [pscustomobject] @{ d = @{ secret = $secret } } } } }
            }
        } | Invoke-Flow
        Assert-Equal @() (Get-ResultFile $folder) -Because $serializer
        Assert-True (-not ($run | ConvertFrom-FlowState).Contains('hunter2')) 'the secret is nowhere'
    }
}

Scenario 'CLIXML that someone else has written makes no type of its choice' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow safe -Store $folder { task a { 1 } -Target 'a.clixml'; task b { param($a) 1 } -InputFrom @{ a = 'a' } -NoCheckpoint }
    $head = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    [IO.File]::WriteAllText("$folder/a.clixml", "$head<Obj RefId=`"0`"><TN RefId=`"0`"><T>System.Diagnostics.Process</T><T>System.Object</T></TN><Props><S N=`"StartInfo`">calc</S></Props></Obj></Objs>")
    $value = (Invoke-Flow $flow).Tasks[0].Result
    Assert-Equal 'System.Management.Automation.PSCustomObject' $value.psobject.BaseObject.GetType().FullName
    Assert-Equal 'calc' $value.StartInfo
    [IO.File]::WriteAllText("$folder/a.clixml", "$head<SBK>throw 'run'</SBK></Objs>")
    Assert-Equal "throw 'run'" (Invoke-Flow $flow).Tasks[0].Result
    foreach ($bad in 'no xml', "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>$head<S>&e;</S></Objs>", "$head<Obj RefId=`"0`"><TN RefId=`"0`"><T>System.Collections.ArrayList</T></TN><LST><Ref RefId=`"0`" /></LST></Obj></Objs>") {
        [IO.File]::WriteAllText("$folder/a.clixml", $bad)
        $task = (Invoke-Flow $flow).Tasks[1]
        Assert-Equal 'FlowResultInvalid' $task.Error.Id -Because $bad
        Assert-Like '*a.clixml*cannot be read*' $task.Message
    }
}
