import { module } from '#core/module.ts';
import { consentFields, formField, listField, messageFields, sequenceFields, timelineField } from './fields/happened.ts';
import { leadFields } from './fields/lead.ts';
import { customPersonFields, personFields, tagField } from './fields/person.ts';
import { countSegment, previewSegment, segmentFields } from './operations/condition.ts';
import { addMembers, listMembers, memberIds, removeMembers } from './operations/members.ts';
import { createSegment, deleteSegment, getSegmentOperation, listSegments, refreshSegment, updateSegment } from './operations/segments.ts';
import { startTending } from './tend.ts';

/** People who have something in common, kept up to date; lists kept by hand. */
export default module({
  name: 'segments',
  operations: [
    listSegments,
    createSegment,
    segmentFields,
    countSegment,
    previewSegment,
    getSegmentOperation,
    updateSegment,
    deleteSegment,
    refreshSegment,
    listMembers,
    memberIds,
    addMembers,
    removeMembers,
  ],
  fields: [
    ...personFields,
    tagField,
    customPersonFields,
    ...leadFields,
    consentFields,
    timelineField,
    ...messageFields,
    formField,
    ...sequenceFields,
    listField,
  ],
  start: startTending,
  whileHeld: true,
});
