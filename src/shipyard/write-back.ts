/**
 * The health checkers of the controller write a row back that they had in hand when it was removed, within a moment or at
 * the next reload: so it is removed again, after a pause each time, and named when it stays.
 */
export const writeBack = {
  pauseMs: 2000,
  rounds: 5,
  hint: "the controller's health checkers write rows back that they had in hand; restart the controller and run the action again",
} as const;
