/** Words a seller binds himself with. They may stand in a letter only when the business's own facts use them. */
export interface TermRule {
  readonly says: string;
  readonly stems: RegExp;
  /** Only in sentences like this. Default: everywhere. */
  readonly about?: RegExp;
}

/** The sentence is about us, or about what the reader gets from us. */
const OURS =
  /\b(we|our|us|i|my|everything|all|it|they|these|this|that|you (get|receive|have|pay|only|also|will|are|can)|is|are|includes?|comes?)\b/;

export const TERMS: readonly TermRule[] = [
  {
    says: 'A condition of price that is not in the facts',
    stems:
      /(?<!without (a |any )?(\w+ )?)\b(fees?|surcharges?|waive\w*|included|all-inclusive|bonus|gifts?|presents?|deposit|instal?ments?|financing|credit|pay (nothing|later|less|only)|no (hidden|extra|additional) (costs?|charges?)|hidden costs?|affordable|cheap|low(est)? prices?|twice as|half as|times (as|more|less|better|faster)|less than (the )?others?)\b/g,
  },
  {
    says: 'A condition of sale that is not in the facts',
    stems:
      /\b(take (it |them |anything )?back|give back|returns? (policy|it)|sale or return|exchange|replac\w+ (it )?(free|at no)|for life|lifetime|forever|for ever|subscription|minimum (term|order)|no (contract|commitment|minimum)|without (a )?(contract|commitment)|exclusive\w*|unlimited)\b/g,
  },
  {
    says: 'A quality that is not in the facts',
    stems:
      /\b(organic|vegan|vegetarian|gluten[- ]free|lactose[- ]free|sustainab\w+|eco-?friendly|climate[- ]neutral|carbon[- ]neutral|handmade|hand-?made|home-?made|locally|fair ?trade|natural|bulletproof|secure|encrypted|waterproof|state[- ]of[- ]the[- ]art|cutting[- ]edge|premium|luxur\w+|highest (quality|standards?)|top quality|qualified|trained|vetted|background[- ]checked|experienced|expert\w*)\b/g,
    about: OURS,
  },
  {
    says: 'A figure about others that is not in the facts',
    stems:
      /\b(\w+ (out )?of (ten|five|three|four|hundred|\d+)|one in (ten|five|three|four|\d+)|most (people|companies|businesses|customers|clients|owners) (who|that|use|choose|save)|majority of|on average|typically save\w*|studies (show|say)|research (shows|says)|statistics|proven)\b/g,
  },
  {
    says: 'A comparison with others that is not in the facts',
    stems:
      /\b(competitors?|unlike (other|others|most)|other (companies|providers|agencies|bakers|bakeries|firms|studios|engineers) (would|will|charge|take|do|only|cannot)|better than|faster than|cheaper than|would charge you|no one else|nobody else)\b/g,
  },
  {
    says: 'Press or praise that is not in the facts',
    stems:
      /\b((wrote|writes|reported|reports|raves?|raved) about (us|our)|in the (press|news|papers)|magazine|newspaper|on tv|television|influencers?|celebrit\w+|won (a|the|first|several)|prizes?|nominated|our founder|founded (by|in)|our story)\b/g,
  },
  {
    says: 'An arrangement that nobody made',
    stems:
      /\b((have|has|i've|we've) (already )?(booked|reserved|scheduled|arranged|prepared|blocked|set aside|put aside|ordered|signed)|is (booked|reserved|scheduled|confirmed)|your (appointment|order|booking|contract|account) (is|has|was)|as agreed)\b/g,
  },
];
