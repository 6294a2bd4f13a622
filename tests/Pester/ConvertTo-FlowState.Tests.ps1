BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'ConvertTo-FlowState' {
    BeforeAll {
        function Read-Document($Document) {
            # The run, and the warnings as text.
            $run = $Document | ConvertTo-FlowState -Flow $flow -WarningVariable warnings -WarningAction SilentlyContinue
            $run, @($warnings | ForEach-Object { "$_" })
        }
    }

    BeforeEach {
        $flow = New-Flow pair {
            task one { 1 }
            task two { param($n) $n + 1 } -InputFrom @{ n = 'one' } -Slug second
        }
    }

    It 'nothing is a new run' {
        foreach ($nothing in $null, "  `n ", @()) {
            $run = $nothing | ConvertTo-FlowState -Flow $flow
            $run.Tasks.State | Should -BeExactly 'Pending', 'Pending'
            $run.Step | Should -Be 0
            $run.HasPending | Should -BeExactly $true
        }
    }

    It 'the flow alone is a new run, too' {
        (ConvertTo-FlowState $flow).State | Should -BeExactly 'Pending'
        (ConvertTo-FlowState $flow $null).State | Should -BeExactly 'Pending'
    }

    It 'a document is read as it was written' {
        $before = Invoke-FlowStep $flow -MaxTasks 1
        $after = $before | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $after.Tasks.State | Should -BeExactly 'Success', 'Cancelled'
        $after.Tasks.Message | Should -BeStrictly $before.Tasks.Message
        $after.Tasks[0].Result | Should -BeStrictly 1
        @($after.RunId, $after.Step) | Should -BeStrictly $before.RunId, 1
        $after.StartTime | Should -BeExactly $before.StartTime
    }

    It 'lines of a document are one document' {
        $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState
        $lines = $json.Replace('"tasks":[', "`"tasks`":`n[") -split "`n"
        $lines.Count | Should -Be 2
        ($lines | ConvertTo-FlowState -Flow $flow).Tasks.State | Should -BeExactly 'Success', 'Cancelled'
    }

    It 'bytes are read, with a byte order mark or without, whole or one by one' {
        $json = Invoke-FlowStep $flow -MaxTasks 1 | ConvertFrom-FlowState
        $utf8 = [Text.Encoding]::UTF8
        $bytes = $utf8.GetBytes($json)
        $marked = [byte[]] ($utf8.GetPreamble() + $bytes)
        (ConvertTo-FlowState $flow $bytes).Tasks[0].State | Should -BeExactly 'Success'
        (ConvertTo-FlowState $flow $marked).Tasks[0].State | Should -BeExactly 'Success'
        (, $bytes | ConvertTo-FlowState $flow).Tasks[0].State | Should -BeExactly 'Success'
        ($bytes | ConvertTo-FlowState $flow).Tasks[0].State | Should -BeExactly 'Success'
    }

    It 'the bare array of pairs is read' {
        $json = '[{"task":{"slug":"one"},"state":{"type":"Success","message":"done"}},{"task":{"slug":"second"},"state":{"type":"Pending","message":"Mocked pending"}}]'
        $run = $json | ConvertTo-FlowState -Flow $flow
        $run.Tasks.State | Should -BeExactly 'Success', 'Pending'
        $run.Tasks.Message | Should -BeExactly 'done', 'Mocked pending'
    }

    It 'short pairs of slug, type and message are read' {
        $run = '[{"slug":"one","type":"Success","message":"done"},{"slug":"second","type":"Cancelled"}]' | ConvertTo-FlowState -Flow $flow
        $run.Tasks.State | Should -BeExactly 'Success', 'Cancelled'
        $run.Tasks.Message | Should -BeStrictly 'done', $null
    }

    It 'objects made of JSON are read, in an array or one by one' {
        $pairs = @(
            [pscustomobject]@{ task = [pscustomobject]@{ slug = 'one' }; state = [pscustomobject]@{ type = 'Success'; message = 'done' } }
            [pscustomobject]@{ task = @{ slug = 'second' }; state = @{ type = 'Pending'; message = $null } }
        )
        ($pairs | ConvertTo-FlowState -Flow $flow).Tasks.State | Should -BeExactly 'Success', 'Pending'
        (, $pairs | ConvertTo-FlowState -Flow $flow).Tasks.State | Should -BeExactly 'Success', 'Pending'
        ($pairs[0] | ConvertTo-FlowState -Flow $flow).Tasks.State | Should -BeExactly 'Success', 'Pending'
    }

    It 'a whole document is read from objects' {
        $document = [pscustomobject]@{
            version = 1
            flow    = [pscustomobject]@{ name = 'pair' }
            run     = [pscustomobject]@{ id = 'r1'; step = 2; started = [datetime]::UtcNow }
            tasks   = @([pscustomobject]@{ task = [pscustomobject]@{ slug = 'one' }; state = [pscustomobject]@{ type = 'Success' } })
        }
        $run = $document | ConvertTo-FlowState -Flow $flow
        @($run.RunId, $run.Step) | Should -BeStrictly 'r1', 2
        $run.Tasks.State | Should -BeExactly 'Success', 'Pending'
    }

    It 'a task that the document leaves out is Pending' {
        ('[{"slug":"second","type":"Success"}]' | ConvertTo-FlowState -Flow $flow).Tasks.State | Should -BeExactly 'Pending', 'Success'
    }

    It 'an unknown slug is warned of by its name' {
        $run, $warnings = Read-Document '[{"slug":"gone","type":"Success"},{"slug":"one","type":"Success"}]'
        $warnings.Count | Should -Be 1
        $warnings[0] | Should -BeLikeExactly "Task 'gone'*flow 'pair'*Success*ignored*"
        $run.Tasks.State | Should -BeExactly 'Success', 'Pending'
    }

    It 'a slug that comes twice is warned of, and finished work is kept: <Json>' -ForEach @(
        @{ Json = '[{"slug":"one","type":"Success"},{"slug":"one","type":"Pending"}]' }
        @{ Json = '[{"slug":"one","type":"Pending"},{"slug":"one","type":"Success"}]' }
    ) {
        $run, $warnings = Read-Document $Json
        $warnings.Count | Should -Be 1
        $warnings[0] | Should -BeLikeExactly "Task 'one'*more than once*Success is used*"
        $run.Tasks[0].State | Should -BeExactly 'Success'
    }

    It 'a null slug without a name is warned of by its position' {
        $run, $warnings = Read-Document '[{"slug":"one","type":"Success"},{"task":{"slug":null},"state":{"type":"Success"}}]'
        $warnings.Count | Should -Be 1
        $warnings[0] | Should -BeLikeExactly '*position 1*neither slug nor name*'
    }

    It 'a null slug with a name is found by the name' {
        $run, $warnings = Read-Document '[{"task":{"slug":null,"name":"two"},"state":{"type":"Success"}}]'
        $warnings.Count | Should -Be 0
        $run.Tasks.State | Should -BeExactly 'Pending', 'Success'
    }

    It 'a slug that Prefect made is overlooked where the name fits' {
        $run, $warnings = Read-Document '[{"task":{"slug":"two-1","name":"two"},"state":{"type":"Success"}}]'
        $warnings.Count | Should -Be 0
        $run.Tasks.State | Should -BeExactly 'Pending', 'Success'
    }

    It 'task states are gathered into a run again' {
        $before = Invoke-FlowStep $flow -MaxTasks 1
        $after = $before.Tasks | ConvertTo-FlowState
        @($after.RunId, $after.Step) | Should -BeStrictly $before.RunId, $before.Step
        $after.Tasks.State | Should -BeExactly 'Success', 'Cancelled'
        $after.Tasks[0].Result | Should -BeStrictly 1
    }

    It 'task states of two runs are refused' {
        $mixed = @((Invoke-Flow $flow).Tasks) + @((Invoke-Flow $flow).Tasks)
        { $mixed | ConvertTo-FlowState } |
            Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru | Should -BeLikeExactly '*different flows or runs*'
    }

    It 'mixed input is refused' {
        { '[]', [byte[]] (91, 93) | ConvertTo-FlowState -Flow $flow } |
            Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru | Should -BeLikeExactly '*text and bytes*'
    }

    It 'a document without its flow is an error that says how to give it' {
        { '[]' | ConvertTo-FlowState } | Should -Throw -ErrorId 'FlowRequired,*' -PassThru | Should -BeLikeExactly '*-Flow $flow*'
    }

    It 'what is not JSON is one error with its place' {
        $caught = { "[{`"slug`":`n  oops }]" | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru
        $caught | Should -BeLikeExactly '*$[[]0].slug (line 2, byte 3)*not JSON*'
        $caught.CategoryInfo.Category | Should -BeExactly 'InvalidData'
    }

    It 'a document that was cut off is one error with its place' {
        $json = Invoke-Flow $flow | ConvertFrom-FlowState
        foreach ($length in 1, 20, 200, ($json.Length - 1)) {
            { $json.Substring(0, $length) | ConvertTo-FlowState -Flow $flow } |
                Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru | Should -BeLikeExactly '*(line 1, byte *'
        }
    }

    It 'each wrong shape is one error that says where and what was expected: <Json>' -ForEach @(
        @{ Json = '7'; Like = '*at $ (line 1, byte 1) a state document (an object or an array) was expected, not a number.' }
        @{ Json = '[7]'; Like = '*at $[[]0] *an object with a task and its state was expected, not a number.' }
        @{ Json = '[{"slug":7,"type":"Success"}]'; Like = '*at $[[]0].slug *a string was expected, not a number.' }
        @{ Json = '[{"slug":"one","type":"Sucess"}]'; Like = "*at `$[[]0].type *'Sucess' is not a state type; the types are Pending, *" }
        @{ Json = '[{"slug":"one"}]'; Like = '*at $[[]0] *the task has no state.' }
        @{ Json = '[{"task":{"slug":"one"},"state":{"message":"m"}}]'; Like = '*at $[[]0].state *the state has no type.' }
        @{ Json = '{"version":2,"tasks":[]}'; Like = '*at $.version *the version is 2; this PrefectPS reads version 1.' }
        @{ Json = '{"version":1}'; Like = "*the document has no 'tasks'." }
        @{ Json = '{"version":1,"tasks":{}}'; Like = '*at $.tasks *an array of tasks was expected, not an object.' }
        @{ Json = '{"version":1,"run":{"step":-1},"tasks":[]}'; Like = '*at $.run.step *an integer from 0*' }
        @{ Json = '[] []'; Like = '*at *not JSON*' }
    ) {
        { $Json | ConvertTo-FlowState -Flow $flow } | Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru | Should -BeLikeExactly $Like
    }

    It 'nothing in a document makes an object of its choice' {
        $json = '[{"task":{"slug":"one"},"state":{"type":"Success","_result":{"type":"Result","value":{"$type":"System.Diagnostics.Process, System","value":"x"}}}}]'
        { $json | ConvertTo-FlowState -Flow $flow } |
            Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru |
                Should -BeLikeExactly "*the `$type 'System.Diagnostics.Process, System' is not known*"
    }

    It 'a flow from the pipeline is a new run of it' {
        $flow = New-Flow fresh { task a { } }
        $run = $flow | ConvertTo-FlowState
        $run.Step | Should -Be 0
        $run.Flow.Name | Should -BeExactly 'fresh'
    }

    It 'a document is found in a message, which -Verbose says' {
        $json = '[{"slug":"one","type":"Success"}]'
        $data = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
        $messages = @(
            $data
            "{`"message`":{`"data`":`"$data`",`"messageId`":`"1`"},`"subscription`":`"s`"}"
            [pscustomobject]@{ message = [pscustomobject]@{ data = $data } }
            [pscustomobject]@{ WebhookName = 'w'; RequestBody = $json; RequestHeader = @{} }
            @{ Body = @(@{ slug = 'one'; type = 'Success' }); Method = 'POST' }
            "<QueueMessagesList><QueueMessage><MessageText>$data</MessageText></QueueMessage></QueueMessagesList>"
            [pscustomobject]@{ specversion = '1.0'; data = @([pscustomobject]@{ slug = 'one'; type = 'Success' }) }
        )
        foreach ($message in $messages) {
            (, $message | ConvertTo-FlowState -Flow $flow).Tasks.State | Should -BeExactly 'Success', 'Pending' -Because "$message"
        }
        $verbose = @($messages[1] | ConvertTo-FlowState -Flow $flow -Verbose 4>&1)[0]
        "$verbose" | Should -BeExactly 'Found a Pub/Sub push message > Base64 > a state document.'
    }

    It 'a message of a space is a new run, and one that holds nothing was cut off' {
        $run = '{"message":{"data":"IA==","messageId":"1"},"subscription":"s"}' | ConvertTo-FlowState -Flow $flow
        $run.Tasks.State | Should -BeExactly 'Pending', 'Pending'
        { '{"message":{"messageId":"1","attributes":{}},"subscription":"s"}' | ConvertTo-FlowState -Flow $flow } |
            Should -Throw -ErrorId 'FlowStateInvalid,*' -ExpectedMessage '*inside a Pub/Sub push message is empty*'
    }

    It 'what is wrong inside a message is said with the message' {
        { '{"message":{"data":"WzVd"}}' | ConvertTo-FlowState -Flow $flow } |
            Should -Throw -ErrorId 'FlowStateInvalid,*' -PassThru |
                Should -BeLikeExactly '*at $[[]0] (line 1, byte 2, inside Base64 of a Pub/Sub push message) *'
    }

    It 'a flow that has changed is a warning, an error, or runs again what has' {
        $old = New-Flow mended { task a { 1 }; task b { 'tow' } -After a; task c { 3 } -After b; task d { 4 } }
        $new = New-Flow mended { task a { 1 }; task b { 'two' } -After a; task c { 3 } -After b; task e { 5 } }
        $json = Invoke-Flow $old | ConvertFrom-FlowState
        $run = $json | ConvertTo-FlowState -Flow $new -WarningVariable warnings -WarningAction SilentlyContinue
        $run.Tasks.State | Should -BeExactly 'Success', 'Success', 'Success', 'Pending'
        "$($warnings[-1])" |
            Should -BeExactly "Flow 'mended' has changed since the state document was written: new: e; changed: b; gone: d."
        { $json | ConvertTo-FlowState -Flow $new -OnChange Error } |
            Should -Throw -ErrorId 'FlowChanged,*' -PassThru | Should -BeLikeExactly '*new: e; changed: b; gone: d.*'
        $run = $json | ConvertTo-FlowState -Flow $new -OnChange RerunChanged -WarningAction SilentlyContinue
        $run.Tasks.State | Should -BeExactly 'Success', 'Pending', 'Pending', 'Pending'
        ($run | Invoke-FlowStep).Tasks[1].Result | Should -BeExactly 'two'
    }
}
