/** Two examples of each verb, which its help shows. */
export const EXAMPLES: Readonly<Record<string, readonly [string, string]>> = {
  executions: ['executions runtime.db --status failed', "executions runtime.db --json | jq -r '.[].execution_id'"],
  events: ["events runtime.db 9f31 --filter 'type:failed'", 'events runtime.db 9f31 --from 400 --json'],
  state: ['state runtime.db 9f31 --at 402', 'state runtime.db 9f31 --each --reading recovery'],
  inspect: ['inspect runtime.db 9f31 --at-event 402', 'inspect runtime.db 9f31 --reading given'],
  snapshots: ['snapshots runtime.db 77b0', 'snapshots runtime.db 77b0 --json'],
  diff: ['diff runtime.db 9f31 401 402', 'diff runtime.db 9f31 0 402 --json'],
  blame: ['blame runtime.db 9f31 /customer/name', 'blame runtime.db 9f31 /plan --history'],
  find: ["find runtime.db 9f31 'has(state.approved_by)'", 'find runtime.db 9f31 \'status == "paused"\' --json'],
  search: ['search runtime.db 9f31 timeout --word', "search runtime.db 9f31 'SMTP 4\\d\\d' --regex"],
  costs: ['costs runtime.db 9f31', 'costs runtime.db 9f31 --points 100 --json'],
  tail: ['tail runtime.db 9f31', 'tail runtime.db 9f31 --from 1'],
  export: ['export runtime.db 9f31 --format state --at 402 -o state.json', 'export runtime.db 9f31 --format events -o - | gzip > events.jsonl.gz'],
  completion: ['completion bash > /etc/bash_completion.d/hindsight', 'completion fish > ~/.config/fish/completions/hindsight.fish'],
};
