BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Serializers' {
    BeforeAll {
        function Invoke-InTwoProcess([scriptblock] $Define) {
            # A run of two steps, the second by a flow that has never run, as in another process.
            & $Define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState |
                ConvertTo-FlowState -Flow (& $Define) | Invoke-FlowStep
        }
    }

    BeforeEach {
        $folder = New-TestFolder
    }

    It 'a serializer is chosen by name or by the extension of the target, and every step knows it: <Serializer> <Target>' -ForEach @(
        @{ Serializer = 'Json'; Target = $null; File = '*/results/*/a.1-1.json'; Starts = '{' }
        @{ Serializer = 'Clixml'; Target = $null; File = '*/results/*/a.1-1.clixml'; Starts = '<Objs' }
        @{ Serializer = $null; Target = 'x.clixml'; File = 'x.clixml'; Starts = '<Objs' }
        @{ Serializer = 'Clixml'; Target = 'x.dat'; File = 'x.dat'; Starts = '<Objs' }
        @{ Serializer = 'Json'; Target = 'x.txt'; File = 'x.txt'; Starts = '{' }
    ) {
        $form = @{}
        if ($Serializer) { $form.Serializer = $Serializer }
        if ($Target) { $form.Target = $Target }
        $define = {
            New-Flow forms -Store $folder {
                task a { @{ n = 1.5 } } @form
                task b { param($a) $a.n } -InputFrom @{ a = 'a' } -NoCheckpoint
            }
        }
        $run = Invoke-InTwoProcess $define
        $run.Tasks[0].ResultLocation | Should -BeLikeExactly $File
        Get-Content "$folder/$($run.Tasks[0].ResultLocation)" -Raw | Should -BeLikeExactly "$Starts*"
        $run.Tasks[1].Result | Should -BeStrictly 1.5
        if ($Target) { (Invoke-InTwoProcess $define).Tasks[1].Result | Should -BeStrictly 1.5 -Because 'another run finds it' }
    }

    It 'a document says the form of a result where its extension does not' {
        $run = New-Flow said -Store $folder {
            task a { 1 } -Target 'a.dat' -Serializer Text
            task b { 1 } -Target 'b.txt' -Serializer Text
        } | Invoke-Flow
        foreach ($document in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -AsPrefect)) {
            $document | Should -BeLikeExactly '*"location":"a.dat","serializer":"Text"*'
            $document | Should -Not -BeLike '*"location":"b.txt","serializer"*' -Because 'what the extension says is not said again'
            $other = New-Flow said -Store $folder { task a { 1 }; task b { 1 } }
            ($document | ConvertTo-FlowState -Flow $other).Tasks.Result | Should -BeStrictly '1', '1'
        }
    }

    It 'the flow''s serializer is for all tasks that say nothing else' {
        $null = New-Flow flow -Store $folder -Serializer Clixml -Target '{task_name}.xyz' {
            task a { 1 }
            task b { 2 } -Serializer Json
            task c { 3 } -Target 'c.txt'
        } | Invoke-Flow
        Get-Content "$folder/a.xyz" -Raw | Should -BeLikeExactly '<Objs*'
        @((Get-Content "$folder/b.xyz" -Raw), (Get-Content "$folder/c.txt" -Raw)) | Should -BeStrictly '2', '3'
    }

    It 'bytes are written as they are' {
        $define = {
            New-Flow bytes -Store $folder {
                task a { , [byte[]] (0, 1, 255) }
                task b { param($a) "$($a.GetType().Name): $a" } -InputFrom @{ a = 'a' } -NoCheckpoint
            }
        }
        $run = Invoke-InTwoProcess $define
        $run.Tasks[0].ResultLocation | Should -BeLikeExactly "runs/bytes/$($run.RunId)/*/results/*/a.1-1.bin"
        [IO.File]::ReadAllBytes("$folder/$($run.Tasks[0].ResultLocation)") | Should -BeStrictly 0, 1, 255
        $run.Tasks[1].Result | Should -BeExactly 'Byte[]: 0 1 255'
    }

    It 'a value that nests deeper than a form can be read fails its task when it is written: <Serializer>' -ForEach @(
        @{ Serializer = 'Json'; Most = 60 }
        @{ Serializer = 'Clixml'; Most = 48 }
    ) {
        $define = {
            New-Flow deep -Store $folder -Serializer $Serializer {
                task a { $value = 'deep'; for ($i = 0; $i -lt $depth; $i++) { $value = @{ x = $value } }; $value }
            }
        }
        $depth = $Most
        $run = & $define | Invoke-Flow
        $value = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $define) | Get-FlowResult a
        for ($i = 0; $i -lt $Most; $i++) { $value = $value.x }
        $value | Should -BeExactly 'deep'

        $depth = $Most + 1
        $task = (& $define | Invoke-Flow).Tasks[0]
        $task.State | Should -BeExactly 'Failed'
        $task.Message | Should -BeLikeExactly "*deeper than $Most levels*"
    }

    It 'tasks that run beside each other and children of a mapped task have results in any form' {
        Set-Content "$folder/data.csv" 'a,b' -NoNewline
        $flow = New-Flow many -Store "$folder/store" {
            task list { 'p', 'q' }
            task m { param($x) @{ x = $x } } -Map @{ x = 'list' } -Serializer Clixml
            task file { [IO.FileInfo] "$using:folder/data.csv" } -Target { param($task_name) "$task_name.zip" }
        }
        $run = Invoke-Flow $flow -ThrottleLimit 3
        $run.Tasks[1].Result.x | Should -BeExactly 'p', 'q'
        $run.Tasks[1].Children[1].ResultLocation | Should -BeLikeExactly '*/results/*/m`[1`].1-1.clixml'
        Get-Content "$folder/store/file.zip" -Raw | Should -BeExactly 'a,b'
    }

    It 'a value that has no place in a form fails its task, and says what to do' {
        $task = (New-Flow bad -Store $folder { task a { @{ n = 1 } } -Serializer Bytes } | Invoke-Flow).Tasks[0]
        $task.State | Should -BeExactly 'Failed'
        $task.Error.Id | Should -BeExactly 'FlowResultInvalid'
        $task.Message | Should -BeLikeExactly '*The result is a Hashtable, and the serializer Bytes takes bytes*-Serializer*'
        Get-ResultFile $folder | Should -BeNullOrEmpty
    }

    It 'a file that a task returns is stored, and a later step gets a copy' {
        Set-Content "$folder/data.csv" 'a,b' -NoNewline
        $define = {
            New-Flow file -Store "$folder/store" {
                task make { [IO.FileInfo] "$folder/data.csv" }
                task use {
                    param($make)
                    "$($make.Name) in $($make.Directory.FullName -eq $folder): $(Get-Content $make.FullName -Raw)"
                } -InputFrom @{ make = 'make' } -NoCheckpoint
            }
        }
        $run = Invoke-InTwoProcess $define
        $run.Tasks[1].Result | Should -BeExactly 'data.csv in False: a,b'
        $place = $run.Tasks[0].ResultLocation -replace '/[^/]+$'
        Get-ResultFile "$folder/store" | Should -BeExactly "$place/make.1-1.files/data.csv", "$place/make.1-1.json"
        (& $define | Invoke-Flow).Tasks[1].Result | Should -BeExactly 'data.csv in True: a,b'
    }

    It 'files keep their names inside of lists and tables, and two of one name are two' {
        foreach ($part in 'one', 'two') {
            $null = New-Item "$folder/$part" -ItemType Directory
            Set-Content "$folder/$part/data.csv" $part -NoNewline
        }
        $define = {
            New-Flow files -Store "$folder/store" -Target '{task_name}.json' {
                task make {
                    @{ n = 1; files = [IO.FileInfo] "$folder/one/data.csv", [IO.FileInfo] "$folder/two/data.csv", [IO.FileInfo] "$folder/none.csv" }
                }
                task use {
                    param($make)
                    $make.files | ForEach-Object { if ($_.Exists) { Get-Content $_.FullName -Raw } else { $_.Name } }
                } -InputFrom @{ make = 'make' } -NoCheckpoint
            }
        }
        (Invoke-InTwoProcess $define).Tasks[1].Result | Should -BeExactly 'one', 'two', 'none.csv'
        Get-ResultFile "$folder/store" | Should -BeExactly 'make.files/2-data.csv', 'make.files/data.csv', 'make.json'
        (Invoke-InTwoProcess $define).Tasks[1].Result |
            Should -BeExactly 'one', 'two', 'none.csv' -Because 'another run finds them by the target'
    }

    It 'with the serializer File the target is the file, and what comes back has its extension: <Name>' -ForEach @(
        @{ Target = @{ Target = 'out/report.zip' }; Name = 'report.zip' }
        @{ Target = @{ Target = 'out/report.csv'; Serializer = 'File' }; Name = 'report.csv' }
    ) {
        Set-Content "$folder/data.tmp" 'content' -NoNewline
        $define = {
            New-Flow file -Store "$folder/store" {
                task make { [IO.FileInfo] "$folder/data.tmp" } @Target
                task use {
                    param($make)
                    "$($make.GetType().Name) $($make.Name): $(Get-Content $make.FullName -Raw)"
                } -InputFrom @{ make = 'make' } -NoCheckpoint
            }
        }
        foreach ($time in 'written', 'found') {
            (Invoke-InTwoProcess $define).Tasks[1].Result | Should -BeExactly "FileInfo ${Name}: content" -Because $time
        }
        Get-Content "$folder/store/out/$Name" -Raw | Should -BeExactly 'content'
    }

    It 'a file is its content where the form is text or bytes' {
        Set-Content "$folder/data.tmp" 'abc' -NoNewline
        $run = New-Flow content -Store "$folder/store" {
            task text { [IO.FileInfo] "$folder/data.tmp" } -Target 'a.csv'
            task bytes { [IO.FileInfo] "$folder/data.tmp" } -Target 'a.bin'
        } | Invoke-Flow
        $run.Tasks[0].Result | Should -BeExactly 'abc'
        $run.Tasks[1].Result | Should -BeStrictly 97, 98, 99
    }

    It 'a file that cannot be read fails its task' {
        $task = (New-Flow gone -Store "$folder/store" {
            task a { [IO.FileInfo] "$folder/none.csv" } -Target 'a.zip'
        } | Invoke-Flow).Tasks[0]
        $task.State | Should -BeExactly 'Failed'
        $task.Message | Should -BeLikeExactly '*none.csv*cannot be read*'
    }

    It 'without a store a file is its path' {
        Set-Content "$folder/data.csv" 'a,b' -NoNewline
        $run = Invoke-InTwoProcess {
            New-Flow path {
                task a { [IO.FileInfo] "$folder/data.csv" }
                task b { param($a) $a.FullName } -InputFrom @{ a = 'a' }
            }
        }
        $run.Tasks[1].Result | Should -BeStrictly ([IO.FileInfo] "$folder/data.csv").FullName
    }

    It 'many bytes are no part of a document, and the error says where they belong' {
        $run = New-Flow large { task a { , [byte[]]::new(1MB + 1) } } | Invoke-Flow
        $run.State | Should -BeExactly 'Success'
        { $run | ConvertFrom-FlowState } |
            Should -Throw -ErrorId 'FlowResultInvalid,*' -PassThru | Should -BeLikeExactly "*task 'a' has more than 1024 KiB*-Store*"
        { $run | ConvertFrom-FlowState -AsPrefect } | Should -Throw -ErrorId 'FlowResultInvalid,*'
        $null = New-Flow fits { task a { , [byte[]]::new(1MB) } } | Invoke-Flow | ConvertFrom-FlowState
    }

    It 'on record a run keeps many bytes that are not to be in the store by themselves' {
        $define = {
            New-Flow kept -Store $folder {
                task a { , [byte[]]::new(1MB + 1) } -NoCheckpoint
                task b { param($a) $a.Length } -InputFrom @{ a = 'a' }
            }
        }
        $run = & $define | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
        (Invoke-FlowStep (& $define) -RunId $run.RunId).Tasks[1].Result | Should -BeStrictly (1MB + 1)
    }

    It 'a secret is in no form of a result: <Serializer>' -ForEach @(
        @{ Serializer = 'Json' }
        @{ Serializer = 'Clixml' }
        @{ Serializer = 'Text' }
    ) {
        $run = New-Flow secret -Store $folder -Serializer $Serializer {
            task deep {
                $secret = ConvertTo-SecureString 'hunter2' -AsPlainText -Force
                [pscustomobject] @{ a = [pscustomobject] @{ b = [pscustomobject] @{ c = [pscustomobject] @{ d = @{ secret = $secret } } } } }
            }
        } | Invoke-Flow
        Get-ResultFile $folder | Should -BeNullOrEmpty
        $run | ConvertFrom-FlowState | Should -Not -BeLikeExactly '*hunter2*' -Because 'the secret is nowhere'
    }

    It 'CLIXML that someone else has written makes no type of its choice' {
        $flow = New-Flow safe -Store $folder {
            task a { 1 } -Target 'a.clixml'
            task b { param($a) 1 } -InputFrom @{ a = 'a' } -NoCheckpoint
        }
        $head = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
        Set-Content "$folder/a.clixml" "$head<Obj RefId=`"0`"><TN RefId=`"0`"><T>System.Diagnostics.Process</T><T>System.Object</T></TN><Props><S N=`"StartInfo`">calc</S></Props></Obj></Objs>" -NoNewline
        $value = (Invoke-Flow $flow).Tasks[0].Result
        $value.psobject.BaseObject.GetType().FullName | Should -BeExactly 'System.Management.Automation.PSCustomObject'
        $value.StartInfo | Should -BeExactly 'calc'
        Set-Content "$folder/a.clixml" "$head<SBK>throw 'run'</SBK></Objs>" -NoNewline
        (Invoke-Flow $flow).Tasks[0].Result | Should -BeExactly "throw 'run'"
        foreach ($bad in 'no xml', "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>$head<S>&e;</S></Objs>", "$head<Obj RefId=`"0`"><TN RefId=`"0`"><T>System.Collections.ArrayList</T></TN><LST><Ref RefId=`"0`" /></LST></Obj></Objs>") {
            Set-Content "$folder/a.clixml" $bad -NoNewline
            $task = (Invoke-Flow $flow).Tasks[1]
            $task.Error.Id | Should -BeExactly 'FlowResultInvalid' -Because $bad
            $task.Message | Should -BeLikeExactly '*a.clixml*cannot be read*'
        }
    }
}

Describe 'Clixml with a document type' {
    It 'is refused when it is read: <Name>' -ForEach @(
        @{ Name = 'of the whole'; Content = '<!DOCTYPE Objs [<!ENTITY e "boom">]><Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><S>a&e;</S></Objs>' }
        @{ Name = 'of a value'; Content = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><XD>&lt;!DOCTYPE r [&lt;!ENTITY e "boom"&gt;]&gt;&lt;r&gt;&amp;e;&lt;/r&gt;</XD></Objs>' }
        @{ Name = 'of a value, escaped'; Content = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><XD>_x003C_!DOCTYPE r [_x003C_!ENTITY e "boom"&gt;]&gt;&lt;r&gt;&amp;e;&lt;/r&gt;</XD></Objs>' }
        @{ Name = 'of a value among others'; Content = '<p:Objs Version="1.1.0.1" xmlns:p="http://schemas.microsoft.com/powershell/2004/04"><p:Obj RefId="0"><p:LST><p:XD>&lt;a /&gt;</p:XD><p:XD>&lt;!DOCTYPE r&gt;&lt;r/&gt;</p:XD></p:LST></p:Obj></p:Objs>' }
    ) {
        $folder = New-TestFolder
        Set-Content "$folder/a.clixml" $Content
        $run = New-Flow dtd -Store $folder { task a { 1 } -Target a.clixml; task b { param($x) $x } -InputFrom @{ x = 'a' } } | Invoke-Flow
        $run.Tasks[1].State | Should -BeExactly 'Failed'
        $run.Tasks[1].Message | Should -BeLikeExactly '*DTD is prohibited*'
    }

    It 'fails the task that returns one' {
        $run = New-Flow dtd -Store (New-TestFolder) {
            task a { $xml = [xml]::new(); $xml.LoadXml('<!DOCTYPE r [<!ENTITY e "x">]><r>a</r>'); $xml } -Serializer Clixml
            task b { [xml]'<r>a &lt;!DOCTYPE b&gt;</r>' } -Serializer Clixml
        } | Invoke-Flow
        $run.Tasks.State | Should -BeExactly 'Failed', 'Success'
        $run.Tasks[0].Message | Should -BeLikeExactly "*task 'a'*without a document type."
        $run.Tasks[1].Result.r | Should -BeExactly 'a <!DOCTYPE b>'
    }
}
