// The wire request since June 2024, which SDKs of several languages document under names of their own.

/** All three parameters required; sent as a form. */
export const request = {
  oneOf: [
    {
      type: 'object',
      properties: {
        client_id: { type: 'string', minLength: 1, examples: ['customer_id'] },
        client_secret: { type: 'string', minLength: 1, examples: ['secret'] },
        grant_type: { const: 'client_credentials' },
      },
      required: ['client_id', 'client_secret', 'grant_type'],
      additionalProperties: false,
    },
  ],
} as const
