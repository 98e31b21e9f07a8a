/** Like no context that a person has of their own. */
export const sandboxContext = 'egress-router-sandbox';
