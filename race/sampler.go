package race

import "math/rand/v2"

// The streams of random numbers that one seed gives. An epoch's stream is
// streamEpoch plus its number, a trial's streamTrial plus its.
const (
	streamStart uint64 = 1 << 40
	streamEpoch uint64 = 1 << 41
	streamTrial uint64 = 1 << 42
)

// sampler deals the rows of the data in batches: an epoch is one permutation of
// all rows, which depends on the seed and the epoch's number alone, so lanes
// with one batch size see the same batches.
type sampler struct {
	seed     uint64
	source   rand.PCG
	random   *rand.Rand
	count    int
	order    []int32 // count rows, from the first batch on
	epoch    uint64
	position int
}

func newSampler(examples int, seed uint64) *sampler {
	s := &sampler{seed: seed, count: examples}
	s.random = rand.New(&s.source)
	s.reset()
	return s
}

func (s *sampler) reset() { s.epoch, s.position = 0, s.count }

// resume goes to a place in an epoch.
func (s *sampler) resume(epoch uint64, position int) {
	if s.reset(); epoch > 0 {
		s.epoch = epoch - 1
		s.shuffle()
		s.position = position
	}
}

// next returns the rows of the next batch; the last of an epoch may be short.
// The slice is valid until the next call.
func (s *sampler) next(batch int) []int32 {
	if s.position == s.count {
		s.shuffle()
	}
	end := min(s.position+batch, s.count)
	rows := s.order[s.position:end]
	s.position = end
	return rows
}

// left returns how many rows the next batch has.
func (s *sampler) left(batch int) int {
	if s.position == s.count {
		return min(batch, s.count)
	}
	return min(batch, s.count-s.position)
}

// epochEnds reports whether the last batch was an epoch's last.
func (s *sampler) epochEnds() bool { return s.position == s.count }

func (s *sampler) shuffle() {
	if s.order == nil {
		s.order = make([]int32, s.count)
	}
	for i := range s.order {
		s.order[i] = int32(i)
	}
	s.source.Seed(s.seed, streamEpoch+s.epoch)
	s.random.Shuffle(len(s.order), func(i, j int) {
		s.order[i], s.order[j] = s.order[j], s.order[i]
	})
	s.epoch++
	s.position = 0
}

// peek returns the rows that next would, which stay the next ones.
func (s *sampler) peek(batch int) []int32 {
	if s.position < s.count {
		return s.order[s.position:min(s.position+batch, s.count)]
	}
	later := newSampler(s.count, s.seed)
	later.epoch = s.epoch
	return later.next(batch)
}
