/** In the place of TypeBox's module of the same exports. */
export const Environment = {
  CanEvaluate: (): boolean => false,
  Evaluate(): never {
    throw new Error('the policy of this page forbids code made of text');
  },
};
