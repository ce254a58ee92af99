import type { MemoryDatabase } from './memory.ts';

/** The worked example of docs/format.md: a loan review that is small enough to check by hand. */
export const WORKED_EXAMPLE: MemoryDatabase = {
  generation: 3,
  definitions: [],
  executions: [
    {
      id: '00000000-0000-4000-8000-000000000017',
      workflowId: 'loan-review',
      workflowVersion: '1.0.0',
      status: 'completed',
      startedAt: '2026-06-01T12:00:00+00:00',
      updatedAt: '2026-06-01T12:11:00+00:00',
      completedAt: '2026-06-01T12:11:00+00:00',
      tenantId: 'default',
      parentId: undefined,
      segment: 0,
      initialInputJson: '{"draft":null,"topic":"loan 17"}',
      currentStateJson: '{"draft":null,"topic":"loan 17"}',
      eventRows: [
        '{"type":"workflow_started","workflow_id":"loan-review","workflow_version":"1.0.0","initial_input":{"draft":null,"topic":"loan 17"}}',
        '{"type":"node_scheduled","node_id":"plan","queue_type":"model"}',
        '{"type":"node_started","node_id":"plan","worker_id":"worker-1","attempt":0}',
        '{"type":"node_completed","node_id":"plan","output":{"steps":2},"state_patch":{"meta":{"cost":1.0,"tries":1},"plan":["score","decide"]},"duration_ms":812,"gen_ai_model":"m-1","input_tokens":120,"output_tokens":31}',
        '{"type":"node_scheduled","node_id":"score","queue_type":"tool"}',
        '{"type":"node_started","node_id":"score","worker_id":"worker-2","attempt":0}',
        '{"type":"node_failed","node_id":"score","error":"timeout","attempt":0,"retryable":true}',
        '{"type":"retry_scheduled","node_id":"score","attempt":1,"delay_ms":1000}',
        '{"type":"node_completed","node_id":"score","output":9007199254740993,"state_patch":{"draft":null,"meta":{"tries":null},"score":9007199254740993},"duration_ms":40}',
        '{"type":"interrupt_raised","node_id":"decide","reason":"needs a person","state_for_review":{"score":9007199254740993}}',
        '{"type":"approval_received","node_id":"decide","user_id":"kim","decision":"approved","comment":null,"state_patch":{"approved_by":"kim"}}',
        '{"type":"workflow_completed","final_state":{"approved":true}}',
      ].map((text, index) => ({ sequence: index + 1, createdAt: `2026-06-01T12:${String(index).padStart(2, '0')}:00+00:00`, text })),
      snapshotRows: [
        {
          atSequence: 9,
          createdAt: '2026-06-01T12:08:01+00:00',
          stateJson: '{"meta":{"cost":1.0},"plan":["score","decide"],"score":9007199254740993,"topic":"loan 17"}',
          materialized: undefined,
        },
      ],
    },
  ],
};
