import { KyokaError } from '@kyoka/kernel';
import { Param, type PipeTransform } from '@nestjs/common';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text can be the id of one of our records. */
export const isRecordId = (text: string): boolean => UUID.test(text);

/** A path's id of one of our records. What can't be one isn't there. */
class RecordIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    const id = value.toLowerCase();
    if (!isRecordId(id)) throw new KyokaError('not_found', 'There is no such record');
    return id;
  }
}

export const RecordId = (name: string): ParameterDecorator => Param(name, RecordIdPipe);
